// Counts what is computed and read in crowded workspaces: twice the objects need about twice the work, to read them and for a
// keystroke.
import { expect, it } from 'vitest'
import { WorkspaceMeshes } from '../../shared/src/index.ts'
import { sampled } from '../../shared/src/testing/runs.ts'
import { EDITS, placeOf } from '../bench/edits.mjs'
import { AXES, axisFiles } from './axes.mjs'

/** A linear cost, with a little more for what is sorted or looked up in several places. */
const MOST = 2.3
/** More than the Services that one policy can target. */
const SIZE = 20
/** Each overlay is a mesh with the objects of its base. */
const OVERLAYS = 2

/**
 * The facts and reads of a workspace of size n, and those of one keystroke of each kind in it. `steps` are the facts and
 * reads of a keystroke that are counted in all variants of the mesh.
 */
function costsOf(axis, n) {
  const texts = axisFiles(axis, n)
  const meshes = new WorkspaceMeshes('', {
    settings: {},
    world: 'open',
    levels: {},
    meshRoots: [],
    readText: (file) => texts.get(file),
  })
  const costs = {}
  const steps = {}
  let before = { facts: 0, reads: 0, steps: 0 }
  const count = (name) => {
    const now = { facts: 0, reads: 0, steps: 0 }
    for (const { mesh } of meshes.analyses()) {
      now.facts += mesh.runs
      now.reads += mesh.reads
      now.steps += mesh.work.steps
    }
    steps[name] = now.steps - before.steps
    costs[`facts, ${name}`] = now.facts - before.facts
    costs[`reads, ${name}`] = now.reads - before.reads
    before = now
  }
  meshes.update([...texts].map(([file, text]) => ({ file, text })))
  meshes.updateMeshRoots()
  for (const analysis of meshes.analyses())
    for (const file of analysis.files.keys())
      for (const { fixes } of analysis.findingsOf(file)) fixes.map(({ title }) => title)
  count('all files')
  for (const [name, edit] of Object.entries(EDITS)) {
    const file = [...texts.keys()].find((path) => placeOf(edit, texts.get(path)) !== undefined)
    if (file === undefined) continue
    const text = texts.get(file)
    const at = placeOf(edit, text)
    texts.set(file, text.slice(0, at) + edit.typed + text.slice(at))
    const { files } = meshes.update([{ file, text: texts.get(file), open: true }])
    for (const stale of files)
      for (const analysis of meshes.analysesOf(stale)) analysis.findingsOf(stale)
    count(name)
  }
  return { costs, steps }
}

// Differences leave out what all sizes need, so that a small part that grows faster is seen.
it.each(sampled(Object.keys(AXES), 4))(
  'twice the objects of %s need little more than twice the work',
  (axis) => {
    const size = axis.startsWith('overlays') ? OVERLAYS : SIZE
    const [small, middle, large] = [1, 2, 4].map((factor) => costsOf(axis, factor * size).costs)
    for (const [name, least] of Object.entries(small)) {
      const added = Math.max(middle[name] - least, least / 2, 1)
      expect((large[name] - middle[name]) / added, name).toBeLessThan(MOST)
    }
  },
)

/** Edits after which the files have the same objects. */
const OF_CONTENT = ['principal of a policy', 'label of a pod template']

// A linear cost would be eight times as large. Facts that are no longer read are dropped from time to time.
it('a keystroke in an object with variants reads the same in a larger workspace', () => {
  const axis = 'variants-of-one-folder'
  const [small, large] = [1, 8].map((factor) => costsOf(axis, factor * SIZE).steps)
  for (const name of OF_CONTENT) expect(large[name], name).toBeLessThan(3 * small[name])
})
