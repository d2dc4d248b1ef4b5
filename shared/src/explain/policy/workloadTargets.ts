import { LAYERED_IS_UNKNOWN } from '../../access/evaluateAtEnvoy.js'
import type { Workload } from '../../inventory/workloads.js'
import { podLabels } from '../../mesh/pods.js'
import { isGatewayPod } from '../../mesh/gatewayClass.js'
import { proxiesWith } from '../../mesh/gatewayPods.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { GATEWAY_NAME } from '../../vocabulary/labels.js'
import { hasLayeredPolicies } from '../../waypoint/attachment.js'
import { conversionOf } from '../../ztunnel/enforcement.js'
import type { EnforcementTarget } from '../explanation.js'
import { explainEnrolment } from '../support/enrolmentWords.js'
import { shownName, type Notes } from '../support/notes.js'
import { pathsTo } from '../support/paths.js'
import { NOT_SENT } from './notSent.js'
import {
  enforced,
  IGNORED_BY_WAYPOINTS,
  NO_WAYPOINT,
  notEnforced,
  unknownTarget,
} from './target.js'

/** A workload as a target of a policy without targetRefs: one target for each traffic path. */
export function workloadTargets(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  workload: Workload,
  notes: Notes,
): EnforcementTarget[] {
  if (isGatewayPod(podLabels(workload))) return [gatewayPodTarget(mesh, workload)]
  const at = { kind: workload.type, name: shownName(workload) }
  const { mode, why } = explainEnrolment(mesh, workload, notes)
  if (mode === 'none') return [notEnforced(at, why)]
  if (mode === 'sidecar') return [enforced(at, { enforcedBy: 'sidecar', why })]
  const { notSent } = mesh.get(conversionOf, policy)
  if (notSent) return [notEnforced(at, NOT_SENT[notSent])]
  return pathsTo(mesh, workload, notes).map(({ waypoint, identity }) =>
    mode === 'unknown'
      ? unknownTarget(at, { waypoint, sourceIdentity: identity, why })
      : enforced(at, {
          enforcedBy: 'destination ztunnel',
          waypoint,
          sourceIdentity: identity,
          why,
        }),
  )
}

function gatewayPodTarget(mesh: Mesh, workload: Workload): EnforcementTarget {
  const at = { kind: workload.type, name: shownName(workload) }
  const gatewayName = podLabels(workload)?.[GATEWAY_NAME]
  const gateway =
    gatewayName === undefined ? undefined : mesh.named('Gateway', workload.namespace, gatewayName)
  const enforcer = gateway ? shownName(gateway) : null
  if (proxiesWith(mesh, podLabels(workload), workload.namespace) !== 'waypoints')
    return enforced(at, { enforcedBy: 'gateway', enforcer, why: 'its pods are those of a gateway' })
  return hasLayeredPolicies(mesh)
    ? unknownTarget(at, { enforcer, waypoint: NO_WAYPOINT, why: LAYERED_IS_UNKNOWN })
    : notEnforced(at, IGNORED_BY_WAYPOINTS)
}
