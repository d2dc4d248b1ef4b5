import { expect, it } from 'vitest'
import { analyse, findingsOf } from '../../testing/index.js'
import { egressOpenToMeshPage } from './egress-open-to-mesh.page.js'
import { egressOpenToMesh } from './egress-open-to-mesh.js'

const found = (text: string): string[] =>
  findingsOf(analyse(text))
    .filter(({ rule }) => rule === egressOpenToMesh.name)
    .map(({ message }) => message)

it('egress-open-to-mesh reports the bad example of its page', () => {
  expect(found(egressOpenToMeshPage.bad)).toEqual([
    'Every workload of the mesh may use waypoint "apps/exit": allowedRoutes and labels restrict no client.',
  ])
})

it('egress-open-to-mesh reports nothing for the good example of its page', () => {
  expect(found(egressOpenToMeshPage.good)).toEqual([])
})
