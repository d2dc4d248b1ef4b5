import { LAYERED_IS_UNKNOWN } from '../../access/evaluateAtEnvoy.js'
import { describedForWorkloads } from '../../mesh/described.js'
import type { Mesh } from '../../mesh/mesh.js'
import { proxiesSelected } from '../../mesh/gatewayPods.js'
import { scopeOf, workloadsReached } from '../../mesh/policies.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { hasLayeredPolicies } from '../../waypoint/attachment.js'
import { conversionOf } from '../../ztunnel/enforcement.js'
import { enforcerOf, explainNamespaceEnrolment } from '../support/enrolmentWords.js'
import { namespaceLabel, type Notes } from '../support/notes.js'
import { serviceWaypointOf } from '../support/paths.js'
import { explainWaypoint } from '../support/waypointWords.js'
import { gatewayTargets } from './gatewayTargets.js'
import { NOT_SENT } from './notSent.js'
import { IGNORED_BY_WAYPOINTS, NO_WAYPOINT, type UnseenTarget } from './target.js'

/** The workloads or gateways of a policy, if the files do not show them; undefined if they do. */
export function unseenTarget(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  notes: Notes,
): UnseenTarget | undefined {
  if (policy.targetRefs.length > 0 || mesh.get(workloadsReached, policy).length > 0)
    return undefined
  const proxies = mesh.get(proxiesSelected, policy)
  if (proxies === 'waypoints') return unseenWaypoints(mesh)
  return proxies ? unseenGateways(mesh, policy, notes) : unseenWorkloads(mesh, policy, notes)
}

function unseenWaypoints(mesh: Mesh): UnseenTarget {
  const base = { unseen: 'waypoints', waypoint: NO_WAYPOINT, enforcer: null } as const
  return hasLayeredPolicies(mesh)
    ? { ...base, enforcedBy: 'unknown', sourceIdentity: 'unknown', why: LAYERED_IS_UNKNOWN }
    : { ...base, enforcedBy: 'nobody', sourceIdentity: null, why: IGNORED_BY_WAYPOINTS }
}

function unseenGateways(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  notes: Notes,
): UnseenTarget | undefined {
  if (mesh.world === 'closed' || gatewayTargets(mesh, policy).length > 0) return undefined
  notes.missing('gateways unknown: the workspace has no pods with the labels of its selector')
  const base = { unseen: 'gateways', waypoint: NO_WAYPOINT, enforcer: null } as const
  return mesh.get(proxiesSelected, policy) === 'proxies'
    ? {
        ...base,
        enforcedBy: 'unknown',
        sourceIdentity: 'unknown',
        why: 'its selector has the labels of a gateway or of a waypoint',
      }
    : {
        ...base,
        enforcedBy: 'gateway',
        sourceIdentity: 'client',
        why: 'its selector has the labels of a gateway',
      }
}

function unseenWorkloads(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  notes: Notes,
): UnseenTarget | undefined {
  const { namespace } = policy
  const scope = scopeOf(mesh, policy)
  if (scope === 'nothing' || scope === 'mesh') return undefined
  const isFilledIn = Object.values(policy.selector?.matchLabels ?? {}).some(isPlaceholder)
  if (!isFilledIn && mesh.get(describedForWorkloads, namespace)) return undefined
  const which =
    scope === 'namespace' ? `of ${namespaceLabel(namespace)}` : 'with the labels of its selector'
  notes.missing(
    isFilledIn
      ? 'workloads unknown: another tool fills in the selector'
      : `workloads unknown: none ${which} in the workspace`,
  )
  const { mode, why } = explainNamespaceEnrolment(mesh, namespace, notes)
  const base = { unseen: 'workloads', waypoint: NO_WAYPOINT, enforcer: null } as const
  const { notSent } = mesh.get(conversionOf, policy)
  if (mode === 'none') return { ...base, enforcedBy: 'nobody', sourceIdentity: null, why }
  if (mode === 'ambient' && notSent)
    return { ...base, enforcedBy: 'nobody', sourceIdentity: null, why: NOT_SENT[notSent] }
  const enforcedBy = enforcerOf(mode)
  if (mode === 'sidecar') return { ...base, enforcedBy, sourceIdentity: 'client', why }
  const waypoint = explainWaypoint(mesh, serviceWaypointOf(mesh, namespace), { namespace }, notes)
  const sourceIdentity = waypoint.status === 'unknown' ? 'unknown' : 'client'
  return { ...base, waypoint, enforcedBy, sourceIdentity, why }
}
