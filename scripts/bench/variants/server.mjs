// What the server does with a folder, in its slices: how long the event loop waits meanwhile, and what it finds.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { locateFindings } from '../../../server/src/convert/toDiagnostic.ts'
import { Files } from '../../../server/src/files.ts'
import { nodeHost } from '../../../server/src/nodeHost.ts'
import { Sources } from '../../../server/src/workspace/sources.ts'
import { Workspaces } from '../../../server/src/workspace/workspaces.ts'
import { mergeSettings } from '../../../shared/src/index.ts'
import { quantile } from '../statistics.mjs'
import { since } from './workspace.mjs'

const RESOLUTION = 1
const NANOSECONDS = 1e6

export async function server({ folder }) {
  const found = new Map()
  const problems = []
  const workspaces = new Workspaces({
    files: new Files({ local: nodeHost, client: undefined }),
    log: {
      info: () => undefined,
      warn: (message) => problems.push(message),
      error: (message) => problems.push(message),
    },
    sources: new Sources(() => undefined),
    loadSettings: () => Promise.resolve(mergeSettings()),
    beginReading: () => ({
      report: () => undefined,
      end: (told) => void problems.push(...told.map(({ path, message }) => `${path} ${message}`)),
    }),
    publish: (file, analyses) => void found.set(file, locateFindings(analyses, file).length),
    published: () => [],
    pointingInto: () => [],
    loaded: () => undefined,
    changed: () => undefined,
  })
  const lag = monitorEventLoopDelay({ resolution: RESOLUTION })
  // Wall time between two turns of the event loop counts other programs too; CPU time does not.
  const turns = []
  let last = process.cpuUsage()
  let watching = true
  const watch = () => {
    const now = process.cpuUsage()
    turns.push((now.user + now.system - last.user - last.system) / 1_000)
    last = now
    if (watching) setImmediate(watch)
  }
  const cpu = process.cpuUsage()
  const start = performance.now()
  lag.enable()
  setImmediate(watch)
  await workspaces.add(folder)
  await workspaces.settled()
  lag.disable()
  watching = false
  const spent = since(cpu, start)
  const milliseconds = (nanoseconds) => Math.max(0, nanoseconds / NANOSECONDS - RESOLUTION)
  return {
    ...spent,
    turn: quantile(turns, 0.99),
    longestTurn: Math.max(...turns),
    p99: milliseconds(lag.percentile(99)),
    max: milliseconds(lag.max),
    files: found.size,
    findings: [...found.values()].reduce((sum, count) => sum + count, 0),
    problems: problems.length,
  }
}
