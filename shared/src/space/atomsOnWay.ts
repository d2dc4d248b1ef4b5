import type { RequestTarget } from '../access/request.js'
import { filledInMeshes } from '../mesh/filledIn/filledInMeshes.js'
import type { Mesh } from '../mesh/mesh.js'
import { distinctAtoms } from './atom.js'
import type { Known } from './policyAtoms.js'
import { reachesOf, type Way } from './reach.js'
import { reachAtoms, type ReachAtoms } from './reachAtoms.js'

/** The atoms of a way in a mesh, and in the meshes that are possible where another tool fills in fields of policies. */
export function atomsOnWay(
  mesh: Mesh,
  target: RequestTarget,
  { way, known }: { readonly way: Way; readonly known?: Known },
): ReachAtoms {
  const all = [mesh, ...filledInMeshes(mesh).meshes].flatMap((each) => {
    const reach = reachesOf(each, target)?.[way]
    return reach ? [reachAtoms(each, reach, known)] : []
  })
  const [only, ...others] = all
  return only && others.length === 0
    ? only
    : {
        atoms: distinctAtoms(all.flatMap(({ atoms }) => atoms)),
        readsHttp: all.some(({ readsHttp }) => readsHttp),
      }
}
