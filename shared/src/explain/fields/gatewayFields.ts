import { ITEM } from '../../yaml/pathPattern.js'
import { list, map, scalar, type FieldsAt } from './field.js'

const FROM = {
  Same: 'Only from the namespace of the Gateway (the default).',
  All: 'From every namespace.',
  Selector: 'From the namespaces whose labels the `selector` matches.',
}

/** The keys of a Gateway below `spec`. */
export const GATEWAY_FIELDS: readonly FieldsAt[] = [
  {
    at: ['spec'],
    fields: [
      scalar(
        'gatewayClassName',
        'The class decides what the Gateway is: `istio-waypoint` is a waypoint, `istio` an ingress gateway.',
      ),
      list(
        'listeners',
        'A waypoint needs one listener with the port 15008 and the protocol `HBONE`.',
      ),
      list('addresses', 'Addresses for the Gateway. A waypoint needs none.'),
      map(
        'infrastructure',
        'Labels, annotations and parameters of the Deployment and Service that istiod creates.',
      ),
    ],
  },
  {
    at: ['spec', 'listeners', ITEM],
    fields: [
      scalar('name', 'A unique name. `sectionName` of a route or policy refers to it.'),
      scalar('port', 'The port that the proxy listens on. For a waypoint 15008.'),
      scalar('protocol', 'The protocol of the listener.', {
        HBONE: 'The tunnel of ambient mode. A waypoint has this protocol.',
        HTTP: 'HTTP without TLS, for an ingress gateway.',
        HTTPS: 'HTTP over TLS, for an ingress gateway.',
        TLS: 'TLS that is not HTTP, for an ingress gateway.',
        TCP: 'TCP, for an ingress gateway.',
      }),
      scalar('hostname', 'The host names that the listener accepts. All if absent.'),
      map('tls', 'The certificate of the listener.'),
      map(
        'allowedRoutes',
        'Who can use the Gateway: the namespaces of routes, and for a waypoint the namespaces whose Services and pods can use it.',
      ),
    ],
  },
  {
    at: ['spec', 'listeners', ITEM, 'allowedRoutes'],
    fields: [
      map(
        'namespaces',
        'The namespaces that can use the Gateway. If it is absent, only the namespace of the Gateway: traffic of other namespaces **bypasses** the waypoint.',
      ),
      list('kinds', 'The kinds of routes that can attach. All if absent.'),
    ],
  },
  {
    at: ['spec', 'listeners', ITEM, 'allowedRoutes', 'namespaces'],
    fields: [
      scalar('from', 'Which namespaces can use the Gateway.', FROM),
      map('selector', 'Labels of namespaces. Read only with `from: Selector`.'),
    ],
  },
  {
    at: ['spec', 'listeners', ITEM, 'allowedRoutes', 'namespaces', 'selector'],
    fields: [map('matchLabels', 'The namespace has **all** of these labels.')],
  },
]

/** The keys of a GatewayClass below `spec`. */
export const GATEWAY_CLASS_FIELDS: readonly FieldsAt[] = [
  {
    at: ['spec'],
    fields: [
      scalar(
        'controllerName',
        'The controller that makes proxies for the Gateways of the class: `istio.io/mesh-controller` for waypoints, `istio.io/gateway-controller` for ingress gateways.',
      ),
    ],
  },
]

/** The keys of an HTTPRoute or GRPCRoute that decide which proxy reads it. */
export const ROUTE_FIELDS: readonly FieldsAt[] = [
  {
    at: ['spec'],
    fields: [
      list(
        'parentRefs',
        'What the route is attached to. A **Service** or ServiceEntry: its waypoint reads the route. A **Gateway**: that ingress gateway reads it; a waypoint cannot be a parent.',
      ),
      list('hostnames', 'The hosts of the requests. All if absent.'),
      list('rules', 'The first rule that matches decides where the request goes.'),
    ],
  },
  {
    at: ['spec', 'parentRefs', ITEM],
    fields: [
      scalar(
        'group',
        'The API group of the parent: `""` for a Service, `gateway.networking.k8s.io` for a Gateway.',
      ),
      scalar('kind', 'The kind of the parent. `Gateway` if absent.'),
      scalar('name', 'The name of the parent.'),
      scalar('namespace', "The namespace of the parent. The route's own if absent."),
      scalar('port', 'The port of the Service. All ports if absent.'),
      scalar('sectionName', 'The listener of the Gateway. All listeners if absent.'),
    ],
  },
]
