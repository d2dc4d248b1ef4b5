import { canaryOfService } from '../../mesh/canary.js'
import { CERTAIN, type KnownCertainty } from '../../mesh/certainty.js'
import { enforcesPolicies } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { Gateway } from '../../resources/gateway.js'
import type { PolicyTargetReference } from '../../resources/targetRef.js'
import {
  namesOtherNamespace,
  resolveTarget,
  serviceOf,
  waypointOfTarget,
  type TargetedPolicy,
} from '../../waypoint/attachment.js'
import { WAYPOINT_CLASS } from '../../vocabulary/gatewayClasses.js'
import type { Fix } from '../fix.js'
import { defineRule } from '../rule.js'
import { shownName } from '../support/resourceNames.js'
import { firstThatFits, quoted } from '../support/words.js'

export const waypointClassNotEnforced = defineRule({
  name: 'waypoint-class-not-enforced',
  level: 'error',
  subjects: ['AuthorizationPolicy', 'RequestAuthentication'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
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
    for (const ref of policy.targetRefs) {
      if (namesOtherNamespace(policy, ref)) continue
      const found = unenforced(mesh, policy, ref)
      if (!found) continue
      const { gateway, isPartly, certainty } = found
      const { gatewayClassName } = gateway
      const effect = isPartly
        ? 'Some connections bypass this policy'
        : 'This policy is not enforced'
      const waypoint = `waypoint ${quoted(shownName(gateway))}`
      report({
        message: firstThatFits(
          `${effect}: ${waypoint} has class ${gatewayClassName}, which enforces no ${policy.type}.`,
          `${effect}: class ${gatewayClassName} of its waypoint enforces no ${policy.type}.`,
          `${effect}: the class of its waypoint enforces no ${policy.type}.`,
        ),
        path: [...ref.path, 'name'],
        ...(isPartly ? { level: 'warning' as const } : {}),
        certainties: [certainty],
        related: [
          {
            resource: gateway,
            path: ['spec', 'gatewayClassName'],
            message: `Waypoints of class ${gatewayClassName} run agentgateway.`,
          },
        ],
        fixes: () => [useEnvoyClass(gateway)],
      })
    }
  },
})

interface Unenforced {
  readonly gateway: Gateway
  /** Whether only the waypoint or only the canary has such a class. */
  readonly isPartly: boolean
  readonly certainty: KnownCertainty
}

function unenforced(
  mesh: Mesh,
  policy: TargetedPolicy,
  ref: PolicyTargetReference,
): Unenforced | undefined {
  const target = resolveTarget(mesh, policy, ref)
  const enforces = ({ gatewayClassName }: Gateway): boolean =>
    mesh.get(enforcesPolicies, gatewayClassName)
  if (target.kind === 'Gateway')
    return enforces(target.gateway)
      ? undefined
      : { gateway: target.gateway, isPartly: false, certainty: CERTAIN }
  if (
    target.kind !== 'Service' &&
    target.kind !== 'ServiceEntry' &&
    target.kind !== 'generated Service'
  )
    return undefined
  const binding = waypointOfTarget(mesh, policy.namespace, target)
  if (binding.status !== 'bound') return undefined
  const service = serviceOf(target)
  const canary = service && canaryOfService(mesh, service)
  const gateways = [binding.gateway, ...(canary ? [canary] : [])]
  const gateway = gateways.find((each) => !enforces(each))
  return gateway && { gateway, isPartly: gateways.some(enforces), certainty: binding.certainty }
}

/** Not safe: the waypoint then runs Envoy, and enforces every policy that targets it. */
function useEnvoyClass(gateway: Gateway): Fix {
  return {
    title: `Use class ${WAYPOINT_CLASS} for waypoint "${gateway.name}"`,
    preferred: true,
    safe: false,
    edits: [
      { op: 'set', resource: gateway, path: ['spec', 'gatewayClassName'], value: WAYPOINT_CLASS },
    ],
  }
}
