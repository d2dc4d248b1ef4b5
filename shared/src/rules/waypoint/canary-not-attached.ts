import { keys } from '../../inventory/indexKeys.js'
import { canaryBinding, type CanaryField } from '../../mesh/canary.js'
import { isHidden } from '../../mesh/discovery.js'
import { classRole } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import { nearMiss } from '../../mesh/nearMiss.js'
import { allows, hboneListener, serves, waypointFor } from '../../mesh/waypointGateway.js'
import { waypointOfService } from '../../mesh/waypoints.js'
import type { Gateway } from '../../resources/gateway.js'
import type { Namespace } from '../../resources/namespace.js'
import type { Service } from '../../resources/service.js'
import type { ServiceEntry } from '../../resources/serviceEntry.js'
import { USE_WAYPOINT_CANARY_WEIGHT } from '../../vocabulary/annotations.js'
import { USE_WAYPOINT_CANARY, USE_WAYPOINT_CANARY_NAMESPACE } from '../../vocabulary/labels.js'
import { parsePercentage } from '../../vocabulary/metadataKeys.js'
import { changeWaypointFor } from '../fixes/changeWaypointFor.js'
import { discoverNamespace } from '../fixes/discoverNamespace.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { setValue } from '../fixes/setValue.js'
import type { Edit, Fix } from '../fix.js'
import { defineRule } from '../rule.js'
import { isFilledIn } from '../support/filledIn.js'
import { hasInboundBinding } from '../support/inboundBinding.js'
import { shownName } from '../support/resourceNames.js'
import { firstThatFits, quoted } from '../support/words.js'
import { allowNamespace } from './allowRoutes.js'

export const canaryNotAttached = defineRule({
  name: 'canary-not-attached',
  level: 'warning',
  subjects: ['Namespace', 'Service', 'ServiceEntry'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'Other',
    'Workload',
    'opaque',
  ],
  check(subject, { mesh, report }) {
    const found = servicesOf(mesh, subject)
      .flatMap((service) => errorAt(mesh, service) ?? [])
      .find(({ at }) => at.resource === subject)
    if (!found) return
    const canary = quoted(shownName(found), 40)
    const why = whyNot(mesh, found)
    report({
      message: firstThatFits(
        `No traffic uses canary ${canary}, because ${why}: all of it uses waypoint ${quoted(found.primary, 40)}.`,
        `No traffic uses canary ${canary}, because ${why}.`,
        `No traffic uses this canary, because ${why}.`,
      ),
      path: found.at.path,
      certainties: [found.certainty],
      fixes: () => fixesFor(mesh, found),
    })
  },
})

/** The Services whose canary an object chooses. */
function servicesOf(
  mesh: Mesh,
  subject: Namespace | Service | ServiceEntry,
): readonly (Service | ServiceEntry)[] {
  if (subject.type !== 'Namespace') return [subject]
  return subject.labels?.[USE_WAYPOINT_CANARY] === undefined &&
    subject.annotations?.[USE_WAYPOINT_CANARY_WEIGHT] === undefined
    ? []
    : [
        ...mesh.inNamespace('Service', subject.name),
        ...mesh.inNamespace('ServiceEntry', subject.name),
      ]
}

type CanaryProblem = NonNullable<ReturnType<typeof errorAt>>

function errorAt(mesh: Mesh, service: Service | ServiceEntry) {
  const primary = mesh.get(waypointOfService, service)
  const canary = mesh.get(canaryBinding, service)
  if (primary.status !== 'bound' || canary.status !== 'error') return undefined
  if (canary.reason === 'AttachmentDenied' && !isDenialKnown(mesh, canary)) return undefined
  return {
    ...canary,
    service,
    primary: shownName(primary.gateway),
    certainty: primary.certainty,
  }
}

/** Whether the HBONE listener alone decides who may use the canary, and is written in the files. */
function isDenialKnown(
  mesh: Mesh,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): boolean {
  const gateway = mesh.named('Gateway', namespace, name)
  return (
    gateway !== undefined &&
    !isFilledIn(gateway, ['spec', 'listeners']) &&
    !hasInboundBinding(mesh, gateway)
  )
}

function whyNot(mesh: Mesh, { reason, namespace, name, service }: CanaryProblem): string {
  const gateway = mesh.named('Gateway', namespace, name)
  switch (reason) {
    case 'WaypointIsNotReady':
      return mesh.get(isHidden, namespace)
        ? 'discoverySelectors leave out its namespace'
        : 'it does not exist'
    case 'AttachmentDenied':
      return `it does not allow namespace ${quoted(service.namespace)}`
    case 'UnsupportedTrafficType':
      return gateway && mesh.get(waypointFor, gateway) === 'workload'
        ? 'it serves only workloads'
        : 'it does not serve Services'
    case 'CanarySameAsPrimary':
      return 'it is the waypoint itself'
    case 'CanaryInvalidWeight':
      return 'its weight is not an integer from 0 to 100'
    case 'CrossNamespaceWaypointForbidden':
      return 'the ServiceEntry is visible only in its namespace'
  }
}

function fixesFor(mesh: Mesh, problem: CanaryProblem): Fix[] {
  const { reason, namespace, name, service, at } = problem
  const gateway = mesh.named('Gateway', namespace, name)
  const remove = removeCanary(at)
  switch (reason) {
    case 'WaypointIsNotReady': {
      if (mesh.get(isHidden, namespace))
        return rankFixes(discoverNamespace(mesh, namespace), remove)
      const primary = problem.primary
      const names = mesh
        .at('Gateway', keys.namespace('Gateway', namespace))
        .filter(
          (other) =>
            mesh.get(classRole, other.gatewayClassName) === 'waypoint' &&
            shownName(other) !== primary,
        )
        .map((other) => other.name)
      const suggestion = nearMiss(name, names)
      return rankFixes(
        suggestion === undefined ? undefined : setValue({ ...at, value: suggestion }),
        remove,
      )
    }
    case 'AttachmentDenied': {
      const listener = gateway?.listeners.findIndex((each) => each === hboneListener(gateway)) ?? -1
      return rankFixes(
        gateway && listener >= 0 ? allowNamespace(gateway, listener, service.namespace) : undefined,
        remove,
      )
    }
    case 'UnsupportedTrafficType':
      return rankFixes(
        gateway &&
          changeWaypointFor(
            gateway,
            mesh.get(waypointFor, gateway) === 'workload' ? 'all' : 'service',
          ),
        remove,
      )
    case 'CanaryInvalidWeight':
      return rankFixes(
        gateway && isUsable(mesh, gateway, service) ? correctWeight(at) : undefined,
        remove,
      )
    default:
      return rankFixes(remove)
  }
}

function isUsable(mesh: Mesh, gateway: Gateway, { namespace }: Service | ServiceEntry): boolean {
  return serves(mesh, gateway, 'service') && allows(mesh, gateway, namespace) === true
}

/** The number in a weight such as `20%`. */
function correctWeight({ resource, path }: CanaryField): Fix | undefined {
  const weight = resource.annotations?.[USE_WAYPOINT_CANARY_WEIGHT]?.trim().replace(/ *%$/, '')
  return weight === undefined || parsePercentage(weight) === undefined
    ? undefined
    : setValue({ resource, path, value: weight })
}

/** Removes the canary from the object that has it. Safe: no traffic uses it. */
function removeCanary({ resource }: CanaryField): Fix {
  const { labels, annotations } = resource
  const remove = (field: 'labels' | 'annotations', key: string): Edit => ({
    op: 'remove',
    resource,
    path: ['metadata', field, key],
  })
  return {
    title: 'Remove the canary',
    preferred: true,
    safe: true,
    edits: [
      ...[USE_WAYPOINT_CANARY, USE_WAYPOINT_CANARY_NAMESPACE]
        .filter((key) => labels?.[key] !== undefined)
        .map((key) => remove('labels', key)),
      ...(annotations?.[USE_WAYPOINT_CANARY_WEIGHT] === undefined
        ? []
        : [remove('annotations', USE_WAYPOINT_CANARY_WEIGHT)]),
    ],
  }
}
