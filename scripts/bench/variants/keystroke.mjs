// Keystrokes in one file of a workspace: each one is read and checked. At the end, the findings are compared with
// those of a new analysis.
import { OpenDocument } from '../../../server/src/workspace/openDocument.ts'
import { EDITS, nearestFile, placeOf } from '../edits.mjs'
import { digestOf, findingsOf, resourcesOf } from './workspace.mjs'

const STROKES = 60
/** Keystrokes before the measurement, so that the code is compiled. */
const WARM_UP = 10

export function keystroke(workspace, wanted) {
  const { paths } = workspace
  const texts = new Map(paths.map((path) => [path, workspace.text(path)]))
  const analysis = workspace.newAnalysis(texts)
  analysis.update(paths.map((file) => ({ file, text: texts.get(file) })))
  findingsOf(analysis, paths)
  const facts = analysis.mesh.runs
  const { file, documents } = nearestFile(
    [...analysis.files.values()].map((each) => ({
      file: each.file,
      documents: each.documents.length,
      text: texts.get(each.file),
    })),
    Number(wanted),
  )
  analysis.update([{ file, text: texts.get(file), open: true }])
  const edits = Object.fromEntries(
    Object.entries(EDITS).map(([name, edit]) => [name, type(analysis, { file, texts, edit })]),
  )
  const scratch = workspace.newAnalysis(texts)
  scratch.update(paths.map((path) => ({ file: path, text: texts.get(path) })))
  const wrong = digestOf(findingsOf(analysis, paths)) !== digestOf(findingsOf(scratch, paths))
  return { documents, resources: resourcesOf(analysis), facts, edits, wrong }
}

function type(analysis, { file, texts, edit }) {
  const times = []
  let runs = 0
  let checked = 0
  const original = texts.get(file)
  const at = placeOf(edit, original)
  const [line, character] = positionOf(original, at)
  const document = new OpenDocument(file, 0, original)
  for (let stroke = 0; stroke < STROKES; stroke++) {
    const typed = stroke % 2 === 0
    const range = {
      start: { line, character },
      end: { line, character: character + (typed ? 0 : edit.typed.length) },
    }
    texts.set(file, typed ? original.slice(0, at) + edit.typed + original.slice(at) : original)
    const before = analysis.mesh.runs
    const start = performance.now()
    document.update([{ range, text: typed ? edit.typed : '' }], stroke)
    const { files } = analysis.update([{ file, text: document.split, open: true }])
    for (const stale of files) analysis.locatedFindingsOf(stale)
    times.push(performance.now() - start)
    runs = Math.max(runs, analysis.mesh.runs - before)
    checked = Math.max(checked, files.size)
  }
  return { times: times.slice(WARM_UP), runs, checked }
}

function positionOf(text, offset) {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/)
  return [lines.length - 1, lines[lines.length - 1].length]
}
