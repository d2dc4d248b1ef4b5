// Reads one hostile file as the command line does, with the default limits.
import { scan } from '../../../server/src/workspace/scan.ts'
import { maxBytes } from '../../../server/src/workspace/readFolder.ts'
import { nodeHost } from '../../../server/src/nodeHost.ts'
import { DEFAULT_SETTINGS } from '../../../shared/src/index.ts'
import { findingsOf, resourcesOf, since } from './workspace.mjs'

export function hostile(workspace, path) {
  const cpu = process.cpuUsage()
  const start = performance.now()
  const said = []
  const analysis = workspace.newAnalysis(new Map())
  for (const step of scan(nodeHost, [`${workspace.folder}/${path}`], {
    maxFiles: DEFAULT_SETTINGS.maxFiles,
    maxBytes: maxBytes(DEFAULT_SETTINGS),
    isExcluded: () => false,
  })) {
    if (step.type === 'file') analysis.update([{ file: path, text: step.text }])
    else if (step.type === 'problem') said.push(step.problem.message)
  }
  const findings = findingsOf(analysis, [path])
  const spent = since(cpu, start)
  said.push(...findings.map(({ finding }) => finding.message))
  return {
    ...spent,
    rss: process.memoryUsage().rss,
    objects: resourcesOf(analysis),
    findings: findings.length,
    said: said[0] ?? '',
  }
}
