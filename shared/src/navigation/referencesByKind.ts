import { classRole, gatewayServiceAccount } from '../mesh/gatewayClass.js'
import type { Mesh } from '../mesh/mesh.js'
import type { Gateway } from '../resources/gateway.js'
import type { Resource, ResourceOf, ResourceType } from '../resources/resource.js'
import type { Route } from '../resources/route.js'
import type { WorkloadSelector } from '../resources/selector.js'
import type { PolicyTargetReference } from '../resources/targetRef.js'
import type { VirtualService } from '../resources/virtualService.js'
import type { WorkloadController } from '../resources/workload.js'
import type { WorkloadEntry } from '../resources/workloadEntry.js'
import { kindsOf } from '../vocabulary/kinds.js'
import type { FieldPath } from '../yaml/node.js'
import type { Mention, Thing } from './mention.js'
import {
  definition,
  hostReferences,
  objectReferences,
  podLabelDefinitions,
  reference,
  selectorReferences,
  waypointReferences,
} from './references.js'
import { ruleMentions } from './ruleMentions.js'

type Finder<R extends Resource> = (resource: R, mesh: Mesh) => readonly Mention[]

const LABELS: FieldPath = ['metadata', 'labels']
const MATCH_LABELS: FieldPath = ['spec', 'selector', 'matchLabels']

/** The fields of each kind that name another object or a label. */
const TABLE: readonly [ResourceType, Finder<Resource>][] = [
  ...ofKinds(['Namespace'], ({ labels, name }) => waypointReferences(labels, LABELS, name)),
  ...ofKinds(['Service'], ({ labels, namespace, selector }) => [
    ...waypointReferences(labels, LABELS, namespace),
    ...selectorReferences(selector, ['spec', 'selector'], namespace),
  ]),
  ...ofKinds(['ServiceEntry'], ({ labels, namespace, workloadSelector }) => [
    ...waypointReferences(labels, LABELS, namespace),
    ...selectorReferences(workloadSelector, ['spec', 'workloadSelector', 'labels'], namespace),
  ]),
  ...ofKinds(['Gateway'], gatewayMentions),
  ...ofKinds(kindsOf('pods'), controllerMentions),
  ...ofKinds(['WorkloadEntry'], workloadEntryMentions),
  ...ofKinds(['AuthorizationPolicy'], (policy, mesh) => [
    ...policyReferences(policy, mesh),
    ...ruleMentions(mesh, policy),
  ]),
  ...ofKinds(['PeerAuthentication'], policyReferences),
  ...ofKinds(['RequestAuthentication'], policyReferences),
  ...ofKinds(['NetworkPolicy'], ({ podSelector, namespace }) =>
    selectorReferences(podSelector?.matchLabels, ['spec', 'podSelector', 'matchLabels'], namespace),
  ),
  ...ofKinds(['HTTPRoute', 'GRPCRoute'], routeReferences),
  ...ofKinds(['VirtualService'], virtualServiceReferences),
]

const REFERENCES: ReadonlyMap<ResourceType, Finder<Resource>> = new Map(TABLE)

/** Every field of an object that names another object or a label, and the labels and accounts that it defines. */
export function referencesIn(resource: Resource, mesh: Mesh): readonly Mention[] {
  return REFERENCES.get(resource.type)?.(resource, mesh) ?? []
}

function ofKinds<const T extends ResourceType>(
  types: readonly T[],
  find: Finder<ResourceOf<T>>,
): [ResourceType, Finder<Resource>][] {
  const isOfKinds = (resource: Resource): resource is ResourceOf<T> =>
    types.some((type) => type === resource.type)
  return types.map((type) => [
    type,
    (resource, mesh) => (isOfKinds(resource) ? find(resource, mesh) : []),
  ])
}

function gatewayMentions(gateway: Gateway, mesh: Mesh): Mention[] {
  const { namespace, name, gatewayClassName } = gateway
  const gatewayClass: Thing = { kind: 'GatewayClass', namespace: '', name: gatewayClassName }
  // istiod names the service account of a waypoint after the Gateway.
  const definesAccount =
    mesh.get(classRole, gatewayClassName) === 'waypoint' &&
    mesh.get(gatewayServiceAccount, gateway) === name
  return [
    reference(gatewayClass, ['spec', 'gatewayClassName']),
    ...(definesAccount
      ? [definition({ kind: 'ServiceAccount', namespace, name }, ['metadata', 'name'])]
      : []),
  ]
}

function controllerMentions({
  namespace,
  template,
  templatePath,
  selector,
}: WorkloadController): Mention[] {
  const account: Thing = {
    kind: 'ServiceAccount',
    namespace,
    name: template.serviceAccountName,
  }
  const labels = [...templatePath, ...LABELS]
  return [
    // The second is the deprecated name of the first. A field that is not written has no place in the file.
    ...['serviceAccountName', 'serviceAccount'].map((field) =>
      reference(account, [...templatePath, 'spec', field]),
    ),
    ...waypointReferences(template.labels, labels, namespace),
    ...podLabelDefinitions(template.labels, labels, namespace),
    ...selectorReferences(selector, MATCH_LABELS, namespace),
  ]
}

function workloadEntryMentions({
  namespace,
  serviceAccount,
  labels,
  specLabels,
}: WorkloadEntry): Mention[] {
  const account: Thing = { kind: 'ServiceAccount', namespace, name: serviceAccount }
  return [
    reference(account, ['spec', 'serviceAccount']),
    ...waypointReferences(labels, LABELS, namespace),
    ...podLabelDefinitions(specLabels, ['spec', 'labels'], namespace),
  ]
}

interface Policy {
  readonly namespace: string
  readonly selector: WorkloadSelector | undefined
  readonly targetRefs?: readonly PolicyTargetReference[]
}

/** The labels of the selector, which a policy of the root namespace matches in all namespaces, and the targets. */
function policyReferences({ namespace, selector, targetRefs = [] }: Policy, mesh: Mesh): Mention[] {
  const scope = namespace === mesh.settings.rootNamespace ? '' : namespace
  return [
    ...selectorReferences(selector?.matchLabels, MATCH_LABELS, scope),
    ...targetRefs.flatMap((ref) => objectReferences(ref, namespace)),
  ]
}

function routeReferences({ namespace, parentRefs, backendRefs }: Route): Mention[] {
  return [...parentRefs, ...backendRefs].flatMap((ref) => objectReferences(ref, namespace))
}

function virtualServiceReferences({ namespace, hosts, destinations }: VirtualService): Mention[] {
  return [
    ...hosts.flatMap((host, index) => hostReferences(host, ['spec', 'hosts', index], namespace)),
    ...destinations.flatMap(({ host, path }) => hostReferences(host, path, namespace)),
  ]
}
