import { podLabels, serviceAccountOf } from '../../mesh/pods.js'
import { classRole, gatewayServiceAccount } from '../../mesh/gatewayClass.js'
import { isDroppedByIstiod } from '../../mesh/droppedRoutes.js'
import { refusesRoute } from '../../mesh/allowedRoutes.js'
import type { Mesh } from '../../mesh/mesh.js'
import { selectWorkloads, serviceOfHost } from '../../mesh/services.js'
import type { Gateway, IstioGateway } from '../../resources/gateway.js'
import type { Ingress } from '../../resources/ingress.js'
import type { Route } from '../../resources/route.js'
import type { Service } from '../../resources/service.js'
import type { VirtualService } from '../../resources/virtualService.js'
import type { FieldPath } from '../../yaml/node.js'
import type { Identity } from '../../vocabulary/principal.js'
import { formatServiceAccount } from '../../vocabulary/serviceAccountName.js'
import { GATEWAY_API } from '../../vocabulary/kinds.js'

type IngressRoute = Ingress | Route | VirtualService

/** An Istio ingress gateway. */
export interface IngressGateway {
  readonly resource: Gateway | Ingress | IstioGateway
  /** The service account of its pods; undefined where the files do not show it. */
  readonly account: Pick<Identity, 'namespace' | 'serviceAccount'> | undefined
}

/** Istio's classes that run no Envoy here: another proxy, or a gateway of another cluster. */
const CLASSES_WITHOUT_ENVOY = ['istio-remote', 'istio-agentgateway']

/**
 * The Istio gateways in the files that serve a route. Other ingress controllers are left out: they always
 * call pods directly (docs/semantics.md §2.5).
 */
export function istioGatewaysOf(mesh: Mesh, route: IngressRoute): IngressGateway[] {
  switch (route.type) {
    case 'Ingress':
      return route.ingressClassName === 'istio' ? [{ resource: route, account: undefined }] : []
    case 'VirtualService':
      return route.gateways.flatMap((name) => findIstioGateway(mesh, route.namespace, name) ?? [])
    default:
      if (isDroppedByIstiod(route)) return []
      return route.parentRefs.flatMap((parent) => {
        const { group, kind, namespace, name } = parent
        const gateway =
          group === GATEWAY_API && kind === 'Gateway'
            ? mesh.named('Gateway', namespace ?? route.namespace, name)
            : undefined
        if (
          !gateway ||
          CLASSES_WITHOUT_ENVOY.includes(gateway.gatewayClassName) ||
          refusesRoute(mesh, gateway, { route, parent }) ||
          mesh.get(classRole, gateway.gatewayClassName) !== 'ingress'
        )
          return []
        return [
          {
            resource: gateway,
            account: {
              namespace: gateway.namespace,
              serviceAccount: mesh.get(gatewayServiceAccount, gateway),
            },
          },
        ]
      })
  }
}

function findIstioGateway(
  mesh: Mesh,
  namespace: string,
  reference: string,
): IngressGateway | undefined {
  const slash = reference.indexOf('/')
  const gateway = mesh.named(
    'Gateway.networking.istio.io',
    slash < 0 ? namespace : reference.slice(0, slash),
    reference.slice(slash + 1),
  )
  if (!gateway || gateway.selector === undefined || gateway.selector['istio'] === 'egressgateway')
    return undefined
  const accounts = new Map(
    selectWorkloads(mesh, gateway.selector, undefined)
      .filter((pod) => podLabels(pod) !== undefined)
      .map((pod) => {
        const account = { namespace: pod.namespace, serviceAccount: serviceAccountOf(pod) }
        return [formatServiceAccount(account), account]
      }),
  )
  const [only] = accounts.values()
  return { resource: gateway, account: accounts.size === 1 ? only : undefined }
}

/** A Service that a route sends requests to, with the field that names it. */
interface RoutedService {
  readonly service: Service
  readonly path: FieldPath
}

/** The Services in the files that a route sends requests to, each once. */
export function servicesOfRoute(mesh: Mesh, route: IngressRoute): RoutedService[] {
  const found = new Map<Service, FieldPath>()
  for (const { service, path } of namedServices(mesh, route))
    if (service && !found.has(service)) found.set(service, path)
  return [...found].map(([service, path]) => ({ service, path }))
}

function namedServices(
  mesh: Mesh,
  route: IngressRoute,
): { readonly service: Service | undefined; readonly path: FieldPath }[] {
  switch (route.type) {
    case 'Ingress':
      return route.services.map(({ name, path }) => ({
        service: mesh.named('Service', route.namespace, name),
        path,
      }))
    case 'VirtualService':
      return route.destinations.map(({ host, path }) => ({
        service: serviceOfHost(mesh, route.namespace, host),
        path,
      }))
    default:
      return route.backendRefs
        .filter(({ group, kind }) => group === '' && kind === 'Service')
        .map(({ namespace, name, path }) => ({
          service: mesh.named('Service', namespace ?? route.namespace, name),
          path: [...path, 'name'],
        }))
  }
}
