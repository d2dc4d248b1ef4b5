// A crowded workspace: everything is read and checked, with the meshes of its folders; then keystrokes in its first
// file with a policy. At the end, the findings are compared with those of new meshes.
import { existsSync, readFileSync } from 'node:fs'
import { OpenDocument } from '../../../server/src/workspace/openDocument.ts'
import { WorkspaceMeshes } from '../../../shared/src/index.ts'
import { EDITS, placeOf } from '../edits.mjs'
import { digestOf, findingsOf, timed } from './workspace.mjs'

const STROKES = 24
/** Keystrokes before the measurement, so that the code is compiled. */
const WARM_UP = 4

/** @param types `type` to measure keystrokes too. */
export function growth(workspace, types) {
  const texts = new Map(workspace.paths.map((path) => [path, workspace.text(path)]))
  const { cpu, wall, result: meshes } = timed(() => checked(texts))
  const findings = located(meshes)
  const peak = process.resourceUsage().maxRSS * 1024
  const measured = { cpu, wall, peak, findings: findings.length, rules: countByRule(findings) }
  if (types !== 'type') return measured
  const strokes = Object.entries(EDITS).flatMap(([name, edit]) => {
    const file = workspace.paths.find((path) => placeOf(edit, texts.get(path)) !== undefined)
    return file === undefined ? [] : [[name, type(meshes, { file, texts, edit })]]
  })
  const wrong = digestOf(located(meshes)) !== digestOf(located(checked(texts)))
  return { ...measured, strokes: Object.fromEntries(strokes), wrong }
}

function checked(texts) {
  const meshes = new WorkspaceMeshes('', {
    settings: {},
    world: 'open',
    levels: {},
    meshRoots: [],
    readText: (file) => texts.get(file),
  })
  meshes.update([...texts].map(([file, text]) => ({ file, text })))
  meshes.updateMeshRoots()
  for (const analysis of meshes.analyses())
    for (const file of analysis.files.keys()) analysis.locatedFindingsOf(file)
  return meshes
}

function located(meshes) {
  return meshes
    .analyses()
    .flatMap((analysis) => findingsOf(analysis, [...analysis.files.keys()].sort()))
}

function countByRule(findings) {
  const counts = {}
  for (const { finding } of findings) counts[finding.rule] = (counts[finding.rule] ?? 0) + 1
  return counts
}

/**
 * The CPU times of the main thread, for which a person waits, from a keystroke to the findings of its own file, which the server sends at once, and to those of every
 * file that it concerns, which the server sends in slices.
 */
function type(meshes, { file, texts, edit }) {
  const original = texts.get(file)
  const at = placeOf(edit, original)
  const lines = original.slice(0, at).split('\n')
  const [line, character] = [lines.length - 1, lines.at(-1).length]
  const document = new OpenDocument(file, 0, original)
  const times = []
  for (let stroke = 0; stroke < STROKES; stroke++) {
    const typed = stroke % 2 === 0
    const range = {
      start: { line, character },
      end: { line, character: character + (typed ? 0 : edit.typed.length) },
    }
    texts.set(file, typed ? original.slice(0, at) + edit.typed + original.slice(at) : original)
    const start = timeOfMainThread()
    document.update([{ range, text: typed ? edit.typed : '' }], stroke)
    const { files } = meshes.update([{ file, text: document.split, open: true }])
    for (const analysis of meshes.analysesOf(file)) analysis.locatedFindingsOf(file)
    const own = timeOfMainThread() - start
    for (const stale of files)
      for (const analysis of meshes.analysesOf(stale)) analysis.locatedFindingsOf(stale)
    const all = timeOfMainThread() - start
    times.push({ own, all })
  }
  return times.slice(WARM_UP)
}

const SCHEDULED = `/proc/self/task/${process.pid}/schedstat`

/**
 * In milliseconds. On Linux without the threads on which V8 compiles and collects garbage beside it; elsewhere with
 * them.
 */
function timeOfMainThread() {
  if (existsSync(SCHEDULED)) return Number(readFileSync(SCHEDULED, 'utf8').split(' ')[0]) / 1e6
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}
