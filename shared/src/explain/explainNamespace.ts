import { keys } from '../inventory/indexKeys.js'
import { whyNotRead } from '../mesh/discovery.js'
import { isDiscovered } from '../mesh/namespaces.js'
import type { Mesh } from '../mesh/mesh.js'
import { isGatewayPolicy, proxiesSelected } from '../mesh/gatewayPods.js'
import { scopeOf } from '../mesh/policies.js'
import { serves, waypointFor } from '../mesh/waypointGateway.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import type { Gateway } from '../resources/gateway.js'
import type { Namespace } from '../resources/namespace.js'
import { hasLayeredPolicies } from '../waypoint/attachment.js'
import { conversionOf } from '../ztunnel/enforcement.js'
import type {
  AppliedPolicyExplanation,
  SubjectExplanation,
  WaypointExplanation,
} from './explanation.js'
import { waypointOfNamespace } from '../mesh/waypoints.js'
import { enforcerOf, explainNamespaceEnrolment } from './support/enrolmentWords.js'
import { mutualTlsTitle, namespaceMutualTls } from './support/mutualTls.js'
import { count, countPolicies, Notes, sentence, shownName } from './support/notes.js'
import { NOT_SENT } from './policy/notSent.js'
import { IGNORED_BY_WAYPOINTS } from './policy/target.js'
import { targetsOf } from './policy/targetsOf.js'
import { explainWaypoint } from './support/waypointWords.js'

/**
 * Whether the pods of a namespace are in the mesh, which waypoint its Services use, and all policies in it or for it.
 */
export function explainNamespace(mesh: Mesh, namespace: Namespace): SubjectExplanation {
  const notes = new Notes()
  const enrolment = explainNamespaceEnrolment(mesh, namespace.name, notes)
  const binding = mesh.get(waypointOfNamespace, namespace.name)
  const waypoint: WaypointExplanation = explainWaypoint(
    mesh,
    binding,
    { namespace: namespace.name, labels: namespace.labels },
    notes,
  )
  const workloads = mesh.workloadsAt(keys.workloads(namespace.name))
  const policies = policiesIn(mesh, namespace.name, notes, enforcerOf(enrolment.mode))
  const mutualTls = enrolment.mode === 'none' ? [] : namespaceMutualTls(mesh, namespace.name, notes)
  const served =
    binding.status === 'bound' && !serves(mesh, binding.gateway, 'service')
      ? [bypassFact(mesh, binding.gateway)]
      : []
  const hidden = mesh.get(isDiscovered, namespace.name)
    ? []
    : ['discoverySelectors exclude this namespace: istiod does not see it']
  return {
    kind: 'Namespace',
    namespace: null,
    name: namespace.name,
    summary: [
      enrolment.mode === 'none' ? 'not in the mesh' : enrolment.mode,
      count(workloads.length, 'workload'),
      countPolicies(policies),
      mutualTlsTitle(mutualTls),
    ]
      .filter((part) => part !== undefined)
      .join(' · '),
    enrolment,
    waypoint,
    members:
      workloads.length > 0
        ? {
            label: 'Workloads',
            names: workloads.map((workload) => `${workload.type} ${workload.name}`),
          }
        : null,
    mutualTls,
    policies,
    status: null,
    facts: [...served, ...hidden].map(sentence),
    ...notes.result(),
  }
}

function bypassFact(mesh: Mesh, gateway: Gateway): string {
  const served = mesh.get(waypointFor, gateway)
  return `traffic to Services bypasses waypoint ${shownName(gateway)}: it serves ${served} traffic`
}

function policiesIn(
  mesh: Mesh,
  namespace: string,
  notes: Notes,
  enforcedBy: AppliedPolicyExplanation['enforcedBy'],
): AppliedPolicyExplanation[] {
  const { rootNamespace } = mesh.settings
  const own = mesh.inNamespace('AuthorizationPolicy', namespace)
  const meshWide =
    namespace === rootNamespace
      ? []
      : mesh
          .inNamespace('AuthorizationPolicy', rootNamespace)
          .filter((policy) => scopeOf(mesh, policy) === 'mesh')
  const policies = [...own, ...meshWide].map((policy) =>
    applied(mesh, policy, { notes, enforcedBy, namespace }),
  )
  const peers = [
    ...mesh.inNamespace('PeerAuthentication', namespace),
    ...(namespace === rootNamespace
      ? []
      : mesh
          .inNamespace('PeerAuthentication', rootNamespace)
          .filter(({ selector }) => selector === undefined)),
  ]
  return [
    ...policies,
    ...peers.map((peer) => ({
      kind: peer.type,
      name: shownName(peer),
      action: peer.mode,
      enforcedBy,
      enforcer: null,
      sourceIdentity: null,
      why:
        peer.namespace === namespace
          ? peer.selector
            ? 'selects workloads'
            : 'covers the namespace'
          : 'covers the mesh',
    })),
  ]
}

interface Where {
  readonly notes: Notes
  readonly enforcedBy: AppliedPolicyExplanation['enforcedBy']
  readonly namespace: string
}

function applied(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  { notes, enforcedBy, namespace }: Where,
): AppliedPolicyExplanation {
  const here = { kind: policy.type, name: shownName(policy), action: policy.action, enforcer: null }
  const unread = whyNotRead(mesh, policy)
  if (unread !== undefined)
    return { ...here, enforcedBy: 'nobody', sourceIdentity: null, why: unread }
  if (policy.targetRefs.length > 0) {
    const [target] = targetsOf(mesh, policy, notes)
    return target
      ? {
          ...here,
          enforcedBy: target.enforcedBy,
          enforcer: target.enforcer,
          sourceIdentity: target.sourceIdentity,
          why: `targets ${target.kind} ${target.name}`,
        }
      : {
          ...here,
          enforcedBy: 'nobody',
          sourceIdentity: null,
          why: 'the workspace has no waypoint',
        }
  }
  const { notSent } = mesh.get(conversionOf, policy)
  if (notSent)
    return { ...here, enforcedBy: 'nobody', sourceIdentity: null, why: NOT_SENT[notSent] }
  if (mesh.get(proxiesSelected, policy) === 'waypoints' && !hasLayeredPolicies(mesh))
    return { ...here, enforcedBy: 'nobody', sourceIdentity: null, why: IGNORED_BY_WAYPOINTS }
  if (isGatewayPolicy(mesh, policy))
    return { ...here, enforcedBy: 'gateway', sourceIdentity: 'client', why: 'selects gateway pods' }
  return {
    ...here,
    enforcedBy,
    sourceIdentity: null,
    why:
      policy.namespace !== namespace
        ? 'covers the mesh'
        : policy.selector
          ? 'selects workloads'
          : 'covers the namespace',
  }
}
