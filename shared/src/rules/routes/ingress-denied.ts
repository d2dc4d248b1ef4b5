import type { Workload } from '../../inventory/workloads.js'
import { enrolmentOf } from '../../mesh/enrolment.js'
import type { Mesh } from '../../mesh/mesh.js'
import { workloadsOfService } from '../../mesh/services.js'
import { waypointOfService } from '../../mesh/waypoints.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { Service } from '../../resources/service.js'
import { formatServiceAccount } from '../../vocabulary/serviceAccountName.js'
import { policiesAtZtunnel } from '../../ztunnel/enforcement.js'
import type { Fix } from '../fix.js'
import { authorizationPolicy, freePolicyName, metadataBeside } from '../fixes/newObject.js'
import { sourceOfAccounts } from '../fixes/sourceOfAccounts.js'
import { defineRule } from '../rule.js'
import { shownName } from '../support/resourceNames.js'
import { reachedContainerPorts } from '../support/waypointPaths.js'
import { hasUnreadablePolicy } from '../support/waypointVerdicts.js'
import { firstThatFits, quoted } from '../support/words.js'
import { isDenied } from './ingressAtZtunnel.js'
import { istioGatewaysOf, servicesOfRoute, type IngressGateway } from './ingressRoutes.js'

export const ingressDenied = defineRule({
  name: 'ingress-denied',
  level: 'warning',
  subjects: ['GRPCRoute', 'HTTPRoute', 'VirtualService'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'Gateway.networking.istio.io',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'Other',
    'PeerAuthentication',
    'Service',
    'Workload',
    'opaque',
  ],
  check(route, { mesh, report }) {
    const gateways = istioGatewaysOf(mesh, route)
    if (gateways.length === 0 || !mesh.settings.trustDomainKnown) return
    if (mesh.hasOpaque('AuthorizationPolicy')) return
    for (const { service, path } of servicesOfRoute(mesh, route)) {
      const policies = allowPoliciesOf(mesh, service)
      const gateway = gateways.find((each) => isDenied(mesh, service, each))
      if (!gateway?.account || policies.length === 0) continue
      const account = formatServiceAccount(gateway.account)
      const source = `Gateway ${quoted(shownName(gateway.resource), 40)}`
      const target = `Service ${quoted(service.name, 30)}`
      report({
        message: firstThatFits(
          `ztunnel denies ${source} all traffic to ${target}: no policy allows ${quoted(account)}.`,
          `ztunnel denies ${source} all traffic to ${target}.`,
        ),
        path,
        related: [
          {
            resource: gateway.resource,
            path: ['metadata', 'name'],
            message: `This gateway has the identity "${account}".`,
          },
          ...policies.slice(0, 3).map((resource) => ({
            resource,
            path: ['metadata', 'name'],
            message: 'This policy allows only other clients.',
          })),
        ],
        fixes: () => [allowGateway(mesh, { service, gateway, account, beside: policies[0] })],
      })
    }
  },
})

/**
 * The ALLOW policies at ztunnel for all pods of a Service that its clients reach without a waypoint. None where pods may
 * be out of ambient mode, where a policy cannot be read, and where ztunnel drops rules: other rules report that.
 */
function allowPoliciesOf(mesh: Mesh, service: Service): readonly AuthorizationPolicy[] {
  if (mesh.get(waypointOfService, service).status !== 'none') return []
  const pods = mesh.get(workloadsOfService, service)
  const each = pods.map((pod) => allowPoliciesAt(mesh, pod))
  return each.every((policies) => policies.length > 0) ? [...new Set(each.flat())] : []
}

function allowPoliciesAt(mesh: Mesh, pod: Workload): readonly AuthorizationPolicy[] {
  const { mode, certainty } = mesh.get(enrolmentOf, pod)
  if (mode !== 'ambient' || certainty.level !== 'certain') return []
  if (mesh.get(hasUnreadablePolicy, pod)) return []
  const policies = mesh
    .get(policiesAtZtunnel, pod)
    .filter(({ authorization }) => authorization.action === 'Allow')
  const isWhole = policies.every(
    ({ authorization, policy }) => authorization.rules.length === policy?.rules.length,
  )
  const isOpen = policies.some(({ authorization }) => authorization.rules.length > 0)
  return isWhole && isOpen ? policies.flatMap(({ policy }) => policy ?? []) : []
}

interface DeniedGateway {
  readonly service: Service
  readonly gateway: IngressGateway
  readonly account: string
  readonly beside: AuthorizationPolicy | undefined
}

/** An ALLOW for the gateway alone, on the ports of the Service. Never safe: it opens the pods to clients of the gateway. */
function allowGateway(mesh: Mesh, { service, gateway, account, beside }: DeniedGateway): Fix {
  const near = beside?.namespace === service.namespace ? beside : service
  const ports = mesh
    .get(workloadsOfService, service)
    .flatMap((pod) => reachedContainerPorts(pod, service))
  return {
    title: `Allow Gateway ${quoted(shownName(gateway.resource))} to reach Service ${quoted(service.name)}`,
    preferred: true,
    safe: false,
    edits: [
      {
        op: 'add',
        after: near,
        objects: [
          authorizationPolicy(
            metadataBeside(near, freePolicyName(mesh, service.namespace, 'allow-ingress')),
            {
              selector: { matchLabels: { ...service.selector } },
              action: 'ALLOW',
              rules: [
                {
                  from: [{ source: sourceOfAccounts(mesh, [account]) }],
                  to: [{ operation: { ports: [...new Set(ports)].map(String) } }],
                },
              ],
            },
          ),
        ],
      },
    ],
  }
}
