import { isRead } from '../../mesh/discovery.js'
import type { Mesh } from '../../mesh/mesh.js'
import { workloadsReached } from '../../mesh/policies.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { EnforcementTarget } from '../explanation.js'
import type { Notes } from '../support/notes.js'
import { gatewayTargets } from './gatewayTargets.js'
import { targetOfRef } from './referencedTargets.js'
import { workloadTargets } from './workloadTargets.js'

/** The targets of a policy that the files show, with the proxy that enforces it there (docs/semantics.md §3.2). */
export function targetsOf(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  notes: Notes,
): EnforcementTarget[] {
  if (policy.targetRefs.length > 0)
    return policy.targetRefs.flatMap((ref) => targetOfRef(mesh, policy, ref, notes))
  if (!isRead(mesh, policy)) return []
  const workloads = mesh
    .get(workloadsReached, policy)
    .flatMap((workload) => workloadTargets(mesh, policy, workload, notes))
  return [...workloads, ...gatewayTargets(mesh, policy)]
}
