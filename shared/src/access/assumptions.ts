import { keys } from '../inventory/indexKeys.js'
import { mayBeFilled } from '../mesh/described.js'
import { isRejectedIn } from '../mesh/discovery.js'
import { isHostOf } from '../mesh/hosts.js'
import { query, type Mesh } from '../mesh/mesh.js'
import { workloadsOfService } from '../mesh/services.js'
import { VALIDATED_KINDS } from '../resources/rejected.js'
import { qualifiedName, type Resource } from '../resources/resource.js'
import { isEmptyLabels } from '../resources/selector.js'
import { isExternalName, type Service } from '../resources/service.js'
import { WORKLOAD_KINDS } from '../resources/workload.js'
import { objectOf, type KnownDestination } from './destination.js'

/** The settings of which the files do not show one value. */
export function disputes(mesh: Mesh): string[] {
  return mesh.settings.disputed.map(
    (setting) => `it is not known from these files which value ${setting} has: its default is used`,
  )
}

/** Where clients of a Service of type ExternalName go, if its host is outside of the mesh. */
export function outsideName(destination: KnownDestination): string[] {
  if (destination.kind !== 'service' || destination.service.type !== 'Service') return []
  const { service } = destination
  return isExternalName(service)
    ? [
        `clients of the Service ${qualifiedName(service)} connect to ${service.externalName ?? 'its host'} directly`,
      ]
    : []
}

/** A Service whose pods no file shows, and which another tool may create. */
export function unknownPods(mesh: Mesh, destination: KnownDestination): readonly string[] {
  return destination.kind === 'service' && destination.service.type === 'Service'
    ? mesh.get(unknownPodsOf, destination.service)
    : []
}

export const unknownPodsOf = query(
  'unknown pods of Service',
  (mesh, service: Service): readonly string[] => {
    if (isEmptyLabels(service.selector) || isExternalName(service)) return []
    if (mesh.get(workloadsOfService, service).length > 0) return []
    return mayBeFilled(mesh, service.namespace) ||
      WORKLOAD_KINDS.some((kind) => mesh.hasOpaque(kind))
      ? [
          `the pods of the Service ${qualifiedName(service)} are in no file, and another tool may create them`,
        ]
      : []
  },
)

/** Objects that would take part if the API server did not reject them. */
export function rejections(mesh: Mesh, destination: KnownDestination): readonly string[] {
  return mesh.get(rejectionsFor, objectOf(destination).namespace)
}

const rejectionsFor = query('rejections', (mesh, namespace: string): readonly string[] => {
  const places = [namespace, mesh.settings.rootNamespace]
  return mesh
    .get(rejectedObjects, '')
    .filter((each) => each.type === 'Gateway' || places.includes(each.namespace))
    .map(isNotThere)
})

/** The ServiceEntries of a host that the API server rejects. */
export function rejectedEntries(mesh: Mesh, host: string): string[] {
  return mesh
    .get(rejectedObjects, '')
    .filter((each) => each.type === 'ServiceEntry' && isHostOf(each, host, each.namespace))
    .map(isNotThere)
}

function isNotThere(rejected: Resource): string {
  return `the ${rejected.type} ${qualifiedName(rejected)} is rejected by the API server, and no earlier version of it is in the cluster`
}

const rejectedObjects = query('rejected objects', (mesh, _: '') =>
  VALIDATED_KINDS.flatMap((type) =>
    mesh
      .written<(typeof VALIDATED_KINDS)[number]>(type, keys.all(type))
      .filter((each) => isRejectedIn(mesh, each)),
  ),
)

/** Objects that decide, in documents with an error of syntax: `kubectl apply` refuses them. */
export function partialObjects(mesh: Mesh, destination: KnownDestination): readonly string[] {
  const target: Resource = objectOf(destination)
  const others = mesh.get(partialObjectsFor, target.namespace)
  return target.isPartial ? [...others, isPartlyRead(target)] : others
}

const partialObjectsFor = query('partial objects', (mesh, namespace: string): readonly string[] =>
  [...new Set([namespace, mesh.settings.rootNamespace])]
    .flatMap((place): readonly Resource[] => [
      ...mesh.at('Namespace', keys.named('Namespace', '', place)),
      ...mesh.inNamespace('AuthorizationPolicy', place),
      ...mesh.inNamespace('PeerAuthentication', place),
    ])
    .filter(({ isPartial }) => isPartial)
    .map(isPartlyRead),
)

function isPartlyRead(resource: Resource): string {
  return `the ${resource.type} ${qualifiedName(resource)} counts as far as it can be read: its document has an error of syntax`
}

/** Objects for which the files name no namespace. */
export function unnamedObjects(mesh: Mesh, destination: KnownDestination): string[] {
  const target = objectOf(destination)
  return target.namespaceSource === 'unnamed' || mesh.get(hasUnnamedPolicies, target.namespace)
    ? [`objects without a namespace in these files are in namespace ${target.namespace}`]
    : []
}

const hasUnnamedPolicies = query('has unnamed policies', (mesh, namespace: string): boolean =>
  [
    ...mesh.inNamespace('AuthorizationPolicy', namespace),
    ...mesh.inNamespace('PeerAuthentication', namespace),
  ].some(({ namespaceSource }) => namespaceSource === 'unnamed'),
)
