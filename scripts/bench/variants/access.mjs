// The access space of every destination of a workspace, and after each of some edits of policies the destinations
// that changed.
import { AccessSpaces } from '../../../shared/src/space/accessSpaces.ts'
import { destinationKey } from '../../../shared/src/space/destinations.ts'
import { cellsIn } from '../../../shared/src/space/cells.ts'
import { EDITS, placeOf } from '../edits.mjs'
import { timed } from './workspace.mjs'

const STROKES = 60
/** Keystrokes before the measurement, so that the code is compiled. */
const WARM_UP = 10
const POLICY = EDITS['principal of a policy']

export function access(workspace) {
  const { paths } = workspace
  const texts = new Map(paths.map((path) => [path, workspace.text(path)]))
  let analysis
  const reading = timed(() => {
    analysis = workspace.newAnalysis(texts, 'closed')
    analysis.update(paths.map((file) => ({ file, text: texts.get(file) })))
  })
  const spaces = new AccessSpaces(analysis.mesh)
  let signing
  const { wall, cpu, result } = timed(() => {
    let destinations = []
    signing = timed(() => (destinations = spaces.update().changed)).wall
    return destinations.map((target) => spaces.spaceTo(target))
  })
  const known = result.filter((space) => typeof space !== 'string')
  return {
    wall: reading.wall + wall,
    cpu: reading.cpu + cpu,
    reading: reading.wall,
    signing,
    judging: wall - signing,
    destinations: result.length,
    tooMany: result.length - known.length,
    cells: known.reduce((sum, { parts }) => sum + cellsIn(parts), 0),
    ...type(analysis, { spaces, texts }),
  }
}

/** Keystrokes in policies of different files: the time until the changed destinations are known, and evaluated again. */
function type(analysis, { spaces, texts }) {
  const files = [...texts.keys()].filter((file) => placeOf(POLICY, texts.get(file)) !== undefined)
  const times = []
  const evaluated = []
  let touched = 0
  let changed = []
  for (let stroke = 0; stroke < STROKES; stroke++) {
    const file = files[Math.floor(((stroke - (stroke % 2)) * files.length) / STROKES)]
    const original = texts.get(file)
    const at = placeOf(POLICY, original)
    const text =
      stroke % 2 === 0 ? original.slice(0, at) + POLICY.typed + original.slice(at) : original
    const start = performance.now()
    analysis.update([{ file, text, open: true }])
    changed = spaces.update().changed
    times.push(performance.now() - start)
    for (const target of changed) spaces.spaceTo(target)
    evaluated.push(performance.now() - start)
    touched = Math.max(touched, new Set(changed.map(destinationKey)).size)
  }
  return { times: times.slice(WARM_UP), evaluated: evaluated.slice(WARM_UP), touched }
}
