import { isManaged } from '../../mesh/gatewayClass.js'
import { gatewayPodLabels } from '../../mesh/gatewayPods.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { Gateway } from '../../resources/gateway.js'
import { isUnnamed } from '../../resources/namespaceId.js'
import { qualifiedName } from '../../resources/resource.js'
import { matchesLabels } from '../../resources/selector.js'
import type { Route } from '../../resources/route.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { defineRule } from '../rule.js'
import { firstThatFits, quoted } from '../support/words.js'
import { GATEWAY_CONTROLLER } from '../../vocabulary/gatewayClasses.js'
import { targetKind, GATEWAY_API } from '../../vocabulary/kinds.js'
import { resolveTarget } from '../../waypoint/attachment.js'
/**
 * Istio's ingress class, and the controller of other ingress classes. Not agentgateway: its support
 * for policies is not known.
 */
const INGRESS_CLASS = 'istio'

export const targetNotAWaypoint = defineRule({
  name: 'target-not-a-waypoint',
  level: 'information',
  subjects: ['AuthorizationPolicy'],
  reads: [
    'GRPCRoute',
    'Gateway',
    'Gateway.networking.istio.io',
    'GatewayClass',
    'HTTPRoute',
    'MeshConfig',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    for (const ref of policy.targetRefs) {
      if (targetKind(ref.group, ref.kind) !== 'Gateway' || isPlaceholder(ref.name)) continue
      const target = resolveTarget(mesh, policy, ref)
      if (target.kind !== 'Gateway') continue
      const { gateway } = target
      if (
        !isIngress(mesh, gateway) ||
        !isManaged(gateway) ||
        mayHaveRoute(mesh, gateway) ||
        mayHaveVirtualService(mesh, gateway)
      )
        continue
      report({
        message: firstThatFits(
          `This policy is enforced only at ingress gateway ${quoted(gateway.name)}, not for traffic inside the mesh.`,
          'This policy is enforced only at this ingress gateway, not for traffic inside the mesh.',
        ),
        path: [...ref.path, 'name'],
        related: [
          {
            resource: gateway,
            path: ['spec', 'gatewayClassName'],
            message:
              `Class "${gateway.gatewayClassName}" is for ingress gateways, ` +
              'and no route in these files has this Gateway as parent.',
          },
        ],
      })
    }
  },
})

function isIngress(mesh: Mesh, { gatewayClassName }: Gateway): boolean {
  return (
    gatewayClassName === INGRESS_CLASS ||
    mesh.named('GatewayClass', '', gatewayClassName)?.controllerName === GATEWAY_CONTROLLER
  )
}

/** Whether a VirtualService reaches the pods of a Gateway through a Gateway of Istio's own API. */
function mayHaveVirtualService(mesh: Mesh, gateway: Gateway): boolean {
  const pods = mesh.get(gatewayPodLabels, gateway)
  const names = mesh
    .all('Gateway.networking.istio.io')
    .filter(({ selector }) => matchesLabels(selector, pods))
    .map(qualifiedName)
  return (
    names.length > 0 &&
    (mesh.hasOpaque('VirtualService') ||
      mesh
        .all('VirtualService')
        .some(({ gateways, namespace }) =>
          gateways.some((name) =>
            names.includes(name.includes('/') ? name : `${namespace}/${name}`),
          ),
        ))
  )
}

const READ_ROUTES: readonly Route['type'][] = ['HTTPRoute', 'GRPCRoute']
/** Kinds of routes that are not read, and the protocols of their listeners. */
const UNREAD_ROUTES = ['TCPRoute', 'TLSRoute', 'UDPRoute']
const UNREAD_PROTOCOLS = ['TCP', 'TLS', 'UDP']

/** Whether a route uses a Gateway or may use it: a templated route, or a kind that is not read. */
function mayHaveRoute(mesh: Mesh, gateway: Gateway): boolean {
  if (
    [...READ_ROUTES, ...UNREAD_ROUTES].some((kind) => mesh.hasOpaque(kind)) ||
    gateway.listeners.some(({ protocol }) => UNREAD_PROTOCOLS.includes(protocol))
  )
    return true
  return READ_ROUTES.flatMap((type) => mesh.all<Route['type']>(type)).some((route) =>
    route.parentRefs.some(({ group, kind, namespace, name }) => {
      if (
        kind !== 'Gateway' ||
        group !== GATEWAY_API ||
        (name !== gateway.name && !isPlaceholder(name))
      )
        return false
      const where = namespace ?? route.namespace
      return where === gateway.namespace || isUnnamed(where) || isPlaceholder(where)
    }),
  )
}
