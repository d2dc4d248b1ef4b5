import type { Workload } from '../../inventory/workloads.js'
import type { Evidence } from '../../mesh/certainty.js'
import { refusesRoute } from '../../mesh/allowedRoutes.js'
import { classRole } from '../../mesh/gatewayClass.js'
import { namespaceEnrolment } from '../../mesh/namespaceEnrolment.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import { servicesOfWorkload, targetPortOf } from '../../mesh/services.js'
import { waypointOfService } from '../../mesh/waypoints.js'
import type { Ingress } from '../../resources/ingress.js'
import type { Route } from '../../resources/route.js'
import type { Service } from '../../resources/service.js'
import { GATEWAY_CONTROLLER, GATEWAY_CLASSES } from '../../vocabulary/gatewayClasses.js'
import { GATEWAY_API } from '../../vocabulary/kinds.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { shownName } from '../support/resourceNames.js'
import { firstThatFits } from '../support/words.js'
import { reachedContainerPorts } from '../support/waypointPaths.js'

/** An object in the files through which clients reach the pods of a workload without its waypoint. */
export interface OpenDoor {
  /** The clients, as messages name them. */
  readonly clients: string
  /** Whether the clients have no identity, so that they need a port that allows plaintext. */
  readonly isPlaintext: boolean
  /** The container ports that they reach. */
  readonly ports: readonly number[]
  readonly evidence: Evidence
}

/** Other Services over the pods that certainly have no waypoint, and gateways that are not Istio's. */
export const openDoors = query('open doors', (mesh, workload: Workload): readonly OpenDoor[] => {
  const services = mesh.get(servicesOfWorkload, workload)
  return [
    ...services.flatMap((service) => unboundService(mesh, service, workload) ?? []),
    ...foreignGateways(mesh, workload, services),
  ]
})

function unboundService(mesh: Mesh, service: Service, workload: Workload): OpenDoor | undefined {
  if (service.headless || service.serviceType === 'ExternalName') return undefined
  const { status } = mesh.get(waypointOfService, service)
  if (status !== 'none' && status !== 'error') return undefined
  return {
    clients: `clients of Service "${service.name}"`,
    isPlaintext: false,
    ports: reachedContainerPorts(workload, service),
    evidence: {
      resource: service,
      path: ['metadata', 'name'],
      message: `Service "${service.name}" selects the same pods and has no waypoint.`,
    },
  }
}

/** A Service that a gateway of another product calls. It calls the pods, and reads no label of Istio. */
interface ForeignCall {
  readonly service: string
  readonly port: number | string | undefined
  readonly clients: string
  readonly isPlaintext: boolean
  readonly evidence: Evidence
}

const foreignCalls = query('foreign calls', (mesh, _: ''): readonly ForeignCall[] => {
  const routes: readonly Route[] = [...mesh.all('HTTPRoute'), ...mesh.all('GRPCRoute')]
  return [
    ...routes.flatMap((route) => callsOfRoute(mesh, route)),
    ...mesh.all('Ingress').flatMap(callsOfIngress),
  ]
})

function callsOfRoute(mesh: Mesh, route: Route): ForeignCall[] {
  const gateway = route.parentRefs
    .filter(
      ({ group, kind, name }) =>
        group === GATEWAY_API && kind === 'Gateway' && !isPlaceholder(name),
    )
    .flatMap((parent) => {
      const found = mesh.named('Gateway', parent.namespace ?? route.namespace, parent.name)
      return found && !refusesRoute(mesh, found, { route, parent }) ? [found] : []
    })
    .find(({ gatewayClassName }) => isForeign(mesh, gatewayClassName))
  if (!gateway) return []
  return route.backendRefs
    .filter(({ group, kind }) => group === '' && kind === 'Service')
    .map(({ namespace = route.namespace, name, port }) => ({
      service: `${namespace}/${name}`,
      port,
      clients: `clients of Gateway "${shownName(gateway)}"`,
      isPlaintext: mesh.get(namespaceEnrolment, gateway.namespace).mode !== 'ambient',
      evidence: {
        resource: gateway,
        path: ['spec', 'gatewayClassName'],
        message: firstThatFits(
          `${route.type} "${shownName(route)}" sends its requests to Service "${name}". Class "${gateway.gatewayClassName}" does not use waypoints.`,
          `${route.type} "${route.name}" sends its requests to the pods. This class does not use waypoints.`,
        ),
      },
    }))
}

/** A class of another product, that neither istiod nor a GatewayClass of Istio defines. */
function isForeign(mesh: Mesh, className: string): boolean {
  const controller = mesh.named('GatewayClass', '', className)?.controllerName
  return (
    !isPlaceholder(className) &&
    className !== '' &&
    !GATEWAY_CLASSES.has(className) &&
    controller !== GATEWAY_CONTROLLER &&
    mesh.get(classRole, className) === 'unknown'
  )
}

function callsOfIngress(ingress: Ingress): ForeignCall[] {
  const { ingressClassName, namespace, services } = ingress
  if (
    ingressClassName === undefined ||
    ingressClassName === 'istio' ||
    isPlaceholder(ingressClassName)
  )
    return []
  return services.map(({ name, port, path }) => ({
    service: `${namespace}/${name}`,
    port,
    clients: `clients of Ingress "${ingress.name}"`,
    // The files need not show where its controller runs.
    isPlaintext: true,
    evidence: {
      resource: ingress,
      path,
      message: `This Ingress of class "${ingressClassName}" sends its requests to the pods.`,
    },
  }))
}

function foreignGateways(mesh: Mesh, workload: Workload, services: readonly Service[]): OpenDoor[] {
  return services.flatMap((service) =>
    mesh
      .get(foreignCalls, '')
      .filter((call) => call.service === `${service.namespace}/${service.name}`)
      .map(({ port, clients, isPlaintext, evidence }) => ({
        clients,
        isPlaintext,
        ports: service.ports
          .filter((found) => port === undefined || found.port === port || found.name === port)
          .flatMap(({ targetPort }) => targetPortOf(workload, targetPort) ?? []),
        evidence,
      })),
  )
}
