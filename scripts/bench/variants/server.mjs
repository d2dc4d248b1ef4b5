// Reads a folder as the server does, in slices. Measures the delay of the event loop, and counts the findings.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Files } from '../../../server/src/files.ts'
import { nodeHost } from '../../../server/src/nodeHost.ts'
import { Sources } from '../../../server/src/workspace/sources.ts'
import { Workspaces } from '../../../server/src/workspace/workspaces.ts'
import { mergeSettings, locatedFindings } from '../../../shared/src/index.ts'
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
      end: (unread) =>
        void problems.push(...unread.map(({ path, message }) => `${path} ${message}`)),
    }),
    diagnostics: {
      publish: (file, analyses) => void found.set(file, locatedFindings(analyses, file).length),
      files: () => [],
      pointingInto: () => [],
    },
    onFolderLoaded: () => undefined,
    onMeshChanged: () => undefined,
  })
  const lag = monitorEventLoopDelay({ resolution: RESOLUTION })
  // The wall time of a turn of the event loop contains the time of other programs; the CPU time does not.
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
  await workspaces.idle()
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
