// Reads a whole workspace: every byte, every document with `yaml`, and the complete analysis.
// This is the build of `yaml` for Node, which a server without the alias of the bundler uses.
import { parseAllDocuments } from '../../../node_modules/yaml/dist/index.js'
import { digestOf, documentsOf, findingsOf, heapUsed, resourcesOf, timed } from './workspace.mjs'

export function floor(workspace) {
  return timed(() =>
    workspace.paths.reduce((bytes, path) => bytes + workspace.bytes(path).length, 0),
  )
}

export function yaml(workspace) {
  return timed(() =>
    workspace.paths.reduce(
      (count, path) =>
        count + parseAllDocuments(workspace.text(path), { logLevel: 'silent' }).length,
      0,
    ),
  )
}

export function index(workspace) {
  const { paths } = workspace
  const before = heapUsed()
  let reading = 0
  const { wall, cpu, result } = timed(() => {
    const analysis = workspace.newAnalysis()
    reading = timed(() =>
      analysis.update(paths.map((file) => ({ file, text: workspace.text(file) }))),
    ).wall
    return { analysis, findings: findingsOf(analysis, paths) }
  })
  const { analysis, findings } = result
  const documents = documentsOf(analysis)
  return {
    wall,
    cpu,
    reading,
    checking: wall - reading,
    documents,
    resources: resourcesOf(analysis),
    findings: findings.length,
    digest: digestOf(findings),
    heapPerDocument: (heapUsed() - before) / documents,
    facts: analysis.mesh.runs,
  }
}
