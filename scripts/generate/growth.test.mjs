// Counts what is computed and read in crowded workspaces of two sizes: twice the objects need about twice the work.
import { expect, it } from 'vitest'
import { WorkspaceMeshes } from '../../shared/src/index.ts'
import { AXES, axisFiles } from './axes.mjs'

/** A linear cost, with a little more for what is sorted or looked up in several places. */
const MOST = 2.3
const SIZE = 24
/** Each overlay is a mesh with the objects of its base. */
const OVERLAYS = 3

function costOf(axis, n) {
  const texts = axisFiles(axis, n)
  const meshes = new WorkspaceMeshes('', {
    settings: {},
    world: 'open',
    levels: {},
    meshRoots: [],
    readText: (file) => texts.get(file),
  })
  meshes.update([...texts].map(([file, text]) => ({ file, text })))
  meshes.updateMeshRoots()
  const cost = { facts: 0, reads: 0 }
  for (const analysis of meshes.analyses()) {
    for (const file of analysis.files.keys())
      for (const { fixes } of analysis.findingsOf(file)) fixes.map(({ title }) => title)
    cost.facts += analysis.mesh.runs
    cost.reads += analysis.mesh.reads
  }
  return cost
}

it.each(Object.keys(AXES))(
  'twice the objects of %s need little more than twice the work',
  (axis) => {
    const size = axis.startsWith('overlays') ? OVERLAYS : SIZE
    const [small, large] = [costOf(axis, size), costOf(axis, 2 * size)]
    expect(large.facts / small.facts, 'facts').toBeLessThan(MOST)
    expect(large.reads / small.reads, 'reads').toBeLessThan(MOST)
  },
)
