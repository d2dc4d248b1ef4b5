import { selectorKey } from '../../mesh/selectorClasses.js'
import type { Evidence } from '../../mesh/certainty.js'
import { isRead } from '../../mesh/discovery.js'
import type { Mesh } from '../../mesh/mesh.js'
import { selectsProxies } from '../../mesh/gatewayPods.js'
import { scopeOf, selectionOf } from '../../mesh/policies.js'
import { waypointOfService } from '../../mesh/waypoints.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { PeerAuthentication } from '../../resources/peerAuthentication.js'
import { isEmptyLabels } from '../../resources/selector.js'
import type { FieldPath } from '../../yaml/node.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { isDryRun } from '../../ztunnel/convertAuthorizationPolicy.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { defineRule } from '../rule.js'
import { canDeny } from '../support/canDeny.js'
import { eachWorkload, hasPlaceholder, nameWorkloads } from '../support/coverage.js'
import { isActionFilledIn } from '../support/filledIn.js'
import { levelOf } from '../support/peerCoverage.js'
import {
  addToAmbient,
  showsAllCaptured,
  type WorkloadsOutsideMesh,
  outsidersOf,
} from '../support/outsideMesh.js'
import { firstThatFits, quoted } from '../support/words.js'
import { resolveTarget, serviceOf } from '../../waypoint/attachment.js'

export const workloadNotCaptured = defineRule({
  name: 'workload-not-captured',
  level: 'warning',
  subjects: ['AuthorizationPolicy', 'PeerAuthentication'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'Gateway.networking.istio.io',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'Other',
    'Service',
    'ServiceEntry',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    if (policy.type === 'AuthorizationPolicy' && !isActionFilledIn(policy) && !canDeny(policy))
      return
    const found =
      policy.type === 'AuthorizationPolicy' && policy.targetRefs.length > 0
        ? targetedWorkloads(mesh, policy)
        : selectedWorkloads(mesh, policy)
    if (!found) return
    const { outsiders, path } = found
    const { workloads } = outsiders
    const where = nameWorkloads(workloads)
    const isOutside = workloads.length === 1 ? 'it is not' : 'they are not'
    const isNot = workloads.length === 1 ? 'is not' : 'are not'
    report({
      message:
        found.service === undefined
          ? `This policy is not enforced at ${where}: ${isOutside} in ambient mode.`
          : firstThatFits(
              `Clients can bypass this policy and its waypoint: ${where} behind ` +
                `${quoted(found.service)} ${isNot} in ambient mode.`,
              'Clients can bypass this policy and its waypoint: the pods behind ' +
                `${quoted(found.service)} are not in ambient mode.`,
            ),
      path,
      on: found.service === undefined ? 'key' : 'value',
      related: [
        ...found.evidence,
        ...outsiders.evidence,
        ...eachWorkload(workloads, 'it is not in ambient mode.'),
      ],
      fixes: () => rankFixes(addToAmbient(mesh, outsiders)),
    })
  },
})

interface NotCaptured {
  readonly outsiders: WorkloadsOutsideMesh
  readonly path: FieldPath
  readonly evidence: readonly Evidence[]
  readonly service: string | undefined
}

/** For a policy without targetRefs. Pods on the host network are reported by host-network-not-captured. */
function selectedWorkloads(
  mesh: Mesh,
  policy: AuthorizationPolicy | PeerAuthentication,
): NotCaptured | undefined {
  if (
    selectsProxies(mesh, policy) ||
    hasPlaceholder(policy.selector?.matchLabels) ||
    !isRead(mesh, policy)
  )
    return undefined
  if (
    policy.type === 'PeerAuthentication'
      ? !deniesPlaintext(policy) ||
        levelOf(mesh, policy) === undefined ||
        levelOf(mesh, policy) === 'mesh'
      : !isCheckedHere(mesh, policy)
  )
    return undefined
  const labels = policy.selector?.matchLabels
  const selection =
    policy.type === 'PeerAuthentication'
      ? selectorKey({ namespace: policy.namespace, labels })
      : selectionOf(mesh, policy)
  const outsiders = selection === undefined ? undefined : mesh.get(outsidersOf, selection)
  if (
    !outsiders ||
    outsiders.workloads.some(({ template }) => template.hostNetwork) ||
    !outsiders.workloads.every(({ namespace }) => showsAllCaptured(mesh, namespace))
  )
    return undefined
  return {
    outsiders,
    path: isEmptyLabels(labels) ? ['metadata', 'name'] : ['spec', 'selector'],
    evidence: [],
    service: undefined,
  }
}

/** Whether ztunnel enforces a policy and it is not mesh-wide: most of the mesh may be in other files. */
function isCheckedHere(mesh: Mesh, policy: AuthorizationPolicy): boolean {
  const scope = scopeOf(mesh, policy)
  return (scope === 'namespace' || scope === 'workloads') && !isDryRun(policy)
}

function deniesPlaintext(policy: PeerAuthentication): boolean {
  return policy.mode === 'STRICT' || [...policy.portLevelMtls.values()].includes('STRICT')
}

/** For a policy with targetRefs: the pods of the first Service of which no pod is captured. */
function targetedWorkloads(mesh: Mesh, policy: AuthorizationPolicy): NotCaptured | undefined {
  if (isDryRun(policy) || policy.action === 'AUDIT') return undefined
  for (const ref of policy.targetRefs) {
    const service = isPlaceholder(ref.name)
      ? undefined
      : serviceOf(resolveTarget(mesh, policy, ref))
    if (service?.type !== 'Service') continue
    const binding = mesh.get(waypointOfService, service)
    if (binding.status !== 'bound' || binding.certainty.level !== 'certain') continue
    const { namespace: own, selector: labels } = service
    const outsiders = isEmptyLabels(labels)
      ? undefined
      : mesh.get(outsidersOf, selectorKey({ namespace: own, labels }))
    if (
      !outsiders ||
      !outsiders.workloads.every(({ namespace }) => showsAllCaptured(mesh, namespace))
    )
      continue
    return {
      outsiders,
      path: [...ref.path, 'name'],
      evidence: [
        {
          resource: service,
          path: ['spec', 'selector'],
          message: `The Service ${quoted(service.name)}.`,
        },
      ],
      service: service.name,
    }
  }
  return undefined
}
