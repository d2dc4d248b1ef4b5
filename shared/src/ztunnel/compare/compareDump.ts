import { keys } from '../../inventory/indexKeys.js'
import { gatewayServiceName } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import { query } from '../../mesh/mesh.js'
import { qualifiedName } from '../../resources/resource.js'
import { dumpServices, dumpWorkloads } from '../configDump.js'
import { sentPolicies } from '../enforcement.js'
import { fieldDifferences, type FieldDifference } from './fieldDifferences.js'
import type { ActualConfig, ActualPolicy, ActualService, ActualWorkload } from './readDump.js'

export type DumpPart = 'policies' | 'workloads' | 'services'

/** One difference between the prediction of the files and a dump of ztunnel. */
export interface DumpDifference {
  readonly part: DumpPart
  readonly namespace: string
  /** The name of the policy or workload, or the host of the Service. */
  readonly name: string
  /** The pods of a workload that differ, if the dump has pods. */
  readonly pods: readonly string[]
  readonly kind: 'changed' | 'only in dump' | 'only in files'
  /** For `changed`: the field and its two values. */
  readonly change: FieldDifference | undefined
}

export interface DumpComparison {
  /** Sorted by part, namespace and name. */
  readonly differences: readonly DumpDifference[]
  /** The number of objects of the dump that were compared, for each part that it has. */
  readonly compared: Readonly<Partial<Record<DumpPart, number>>>
  /** Workloads and Services of namespaces of which these files have no object, by namespace. */
  readonly otherNamespaces: ReadonlyMap<string, number>
}

/** Compares the configuration of ztunnel with the one that the files predict. The mesh must be closed. */
export function compareDump(mesh: Mesh, actual: ActualConfig): DumpComparison {
  const others = new Map<string, number>()
  const isKnown = ({ namespace }: { readonly namespace: string }): boolean => {
    if (mesh.get(namespacesOfFiles, '').has(namespace)) return true
    others.set(namespace, (others.get(namespace) ?? 0) + 1)
    return false
  }
  const workloads = actual.workloads?.filter(isKnown).filter((each) => !isOfGateway(mesh, each))
  const services = actual.services?.filter(isKnown).filter((each) => !isGenerated(mesh, each))
  const { policies } = actual
  return {
    differences: [
      ...(policies ? comparePolicies(mesh, policies) : []),
      ...(workloads ? compareWorkloads(mesh, workloads) : []),
      ...(services ? compareServices(mesh, services) : []),
    ],
    compared: {
      ...(policies ? { policies: policies.length } : {}),
      ...(workloads ? { workloads: workloads.length } : {}),
      ...(services ? { services: services.length } : {}),
    },
    otherNamespaces: others,
  }
}

function comparePolicies(mesh: Mesh, actual: readonly ActualPolicy[]): DumpDifference[] {
  const shown = ({ scope, action, dryRun, rules }: Readonly<Record<string, unknown>>) => ({
    scope,
    action,
    dryRun,
    rules,
  })
  return compareLists(
    { part: 'policies', predicted: mesh.get(sentPolicies, ''), actual, keyOf: qualifiedName },
    (one, { fields }) =>
      fieldDifferences(
        // istioctl leaves `dryRun` out.
        'dryRun' in fields ? shown({ ...one }) : { ...shown({ ...one }), dryRun: undefined },
        // A list that is empty can be missing.
        shown({ ...fields, rules: fields['rules'] ?? [] }),
        '',
      ),
  )
}

function compareServices(mesh: Mesh, actual: readonly ActualService[]): DumpDifference[] {
  return compareLists(
    {
      part: 'services',
      predicted: dumpServices(mesh),
      actual,
      keyOf: ({ namespace, hostname }) => `${namespace}/${hostname}`,
      nameOf: ({ hostname }) => hostname,
    },
    (one, { waypoint, name }) => [
      ...changed('name', one.name, name),
      ...changed('waypoint', one.waypoint, waypoint),
    ],
  )
}

function compareWorkloads(mesh: Mesh, pods: readonly ActualWorkload[]): DumpDifference[] {
  const predicted = dumpWorkloads(mesh)
  const names = new Set(predicted.map(qualifiedName))
  // In a dump, each pod of a controller is a workload.
  const actual = pods.map((pod) => ({
    ...pod,
    pod: pod.name,
    name: names.has(qualifiedName(pod)) || pod.controller === undefined ? pod.name : pod.controller,
  }))
  return compareLists(
    { part: 'workloads', predicted, actual, keyOf: qualifiedName, podOf: ({ pod }) => pod },
    (one, other) => [
      ...changed('serviceAccount', one.serviceAccount, other.serviceAccount),
      ...changed('protocol', one.protocol, other.protocol),
      ...changed('waypoint', one.waypoint, other.waypoint),
      ...changed('authorizationPolicies', one.authorizationPolicies, other.authorizationPolicies),
    ],
  )
}

/** A field that the dump has, if its value differs. The order of policies has no effect. */
function changed(field: string, predicted: unknown, actual: unknown): FieldDifference[] {
  return actual === undefined ? [] : fieldDifferences(predicted, actual, field)
}

interface Lists<P extends Named, A extends Named> {
  readonly part: DumpPart
  readonly predicted: readonly P[]
  readonly actual: readonly A[]
  readonly keyOf: (item: P | A) => string
  readonly nameOf?: (item: P | A) => string
  readonly podOf?: (item: A) => string
}

interface Named {
  readonly namespace: string
  readonly name: string
}

function compareLists<P extends Named, A extends Named>(
  { part, predicted, actual, keyOf, nameOf = ({ name }) => name, podOf }: Lists<P, A>,
  compare: (predicted: P, actual: A) => readonly FieldDifference[],
): DumpDifference[] {
  const found = new Map<string, DumpDifference>()
  const add = (item: P | A, difference: Pick<DumpDifference, 'kind' | 'change'>, pod?: string) => {
    const { kind, change } = difference
    const key = JSON.stringify([keyOf(item), kind, change])
    const known = found.get(key)?.pods ?? []
    const pods = pod === undefined || pod === item.name ? known : [...known, pod]
    found.set(key, { part, namespace: item.namespace, name: nameOf(item), pods, kind, change })
  }
  const wanted = new Map(predicted.map((item) => [keyOf(item), item]))
  const seen = new Set<string>()
  for (const item of actual) {
    const one = wanted.get(keyOf(item))
    seen.add(keyOf(item))
    const pod = podOf?.(item)
    if (!one) add(item, { kind: 'only in dump', change: undefined }, pod)
    else for (const change of compare(one, item)) add(item, { kind: 'changed', change }, pod)
  }
  for (const item of predicted)
    if (!seen.has(keyOf(item))) add(item, { kind: 'only in files', change: undefined })
  return [...found.values()].sort((a, b) =>
    [a.namespace, a.name].join('/') < [b.namespace, b.name].join('/') ? -1 : 1,
  )
}

/** Namespaces that a file describes, or that an object of a file is in. */
const namespacesOfFiles = query('namespaces of the files', (mesh, _: ''): ReadonlySet<string> => {
  const named = [...mesh.all('Namespace').map(({ name }) => name)]
  const objects = [
    ...mesh.workloadsAt(keys.allWorkloads()),
    ...mesh.all('Service'),
    ...mesh.all('ServiceEntry'),
    ...mesh.all('Gateway'),
    ...mesh.all('AuthorizationPolicy'),
    ...mesh.all('PeerAuthentication'),
  ]
  // The root namespace has policies in the files, and the pods of Istio in the cluster.
  return new Set(
    [...named, ...objects.map(({ namespace }) => namespace)].filter(
      (namespace) =>
        namespace !== mesh.settings.rootNamespace ||
        mesh.workloadsAt(keys.workloads(namespace)).length > 0 ||
        mesh.inNamespace('Service', namespace).length > 0,
    ),
  )
})

/** Whether istiod deploys a workload for a Gateway of the files. */
function isOfGateway(mesh: Mesh, { namespace, name, controller }: ActualWorkload): boolean {
  const inFiles = mesh.workloadsAt(keys.workloads(namespace)).map((workload) => workload.name)
  return mesh
    .inNamespace('Gateway', namespace)
    .map((gateway) => mesh.get(gatewayServiceName, gateway))
    .filter((service) => !inFiles.includes(service))
    .some((service) => service === controller || (controller === undefined && service === name))
}

/** Whether a Service is without a file in every cluster: of a Gateway, or of the API server. */
function isGenerated(mesh: Mesh, { namespace, name }: ActualService): boolean {
  if (namespace === 'default' && name === 'kubernetes') return true
  if (mesh.named('Service', namespace, name)) return false
  return mesh
    .inNamespace('Gateway', namespace)
    .some((gateway) => mesh.get(gatewayServiceName, gateway) === name)
}
