import { sourceChoices, type SourceChoice } from '../access/choices.js'
import { keys } from '../inventory/indexKeys.js'
import type { Workload } from '../inventory/workloads.js'
import { podLabels } from '../mesh/pods.js'
import { classRole } from '../mesh/gatewayClass.js'
import { query, type Mesh } from '../mesh/mesh.js'
import { selectWorkloads, workloadsOfService } from '../mesh/services.js'
import { isUnnamed } from '../resources/namespaceId.js'
import type { Labels } from '../resources/resource.js'
import { formatPrincipal } from '../vocabulary/principal.js'
import { formatServiceAccount } from '../vocabulary/serviceAccountName.js'
import { isPlaceholder } from '../yaml/placeholder.js'
import type { Suggestion } from './completion.js'
import { addToGroup, getOrInsert } from '../text/collections.js'
import { WAYPOINT_CLASS } from '../vocabulary/gatewayClasses.js'

/** Limit of names in a detail. */
const MAX_NAMES = 3

/** Service accounts that are objects or that a workload uses, without placeholders. */
function accounts(mesh: Mesh): readonly SourceChoice[] {
  return mesh.get(sourceChoices, '').filter(({ serviceAccount }) => !isPlaceholder(serviceAccount))
}

export const principals = query('known principals', (mesh, _: ''): readonly Suggestion[] => {
  const { trustDomain } = mesh.settings
  const named = accounts(mesh).filter(({ namespace }) => !isUnnamed(namespace))
  return named.map(({ namespace, serviceAccount, runs }) => ({
    value: formatPrincipal({ trustDomain, namespace, serviceAccount }),
    kind: 'reference',
    detail: usersText(runs),
    documentation: usersDocumentation(runs),
  }))
})

/** Service accounts in the form of the field `serviceAccounts`, for a policy in the namespace. */
export const serviceAccounts = query(
  'known service accounts',
  (mesh, namespace: string): readonly Suggestion[] => {
    const own = accounts(mesh).filter((account) => account.namespace === namespace)
    const others = accounts(mesh).filter(
      (account) => account.namespace !== namespace && !isUnnamed(account.namespace),
    )
    const suggest = (value: string, { runs }: SourceChoice): Suggestion => ({
      value,
      kind: 'reference',
      detail: usersText(runs),
      documentation: usersDocumentation(runs),
    })
    return [
      ...own.map((account) => suggest(account.serviceAccount, account)),
      ...others.map((account) => suggest(formatServiceAccount(account), account)),
    ]
  },
)

/** The service accounts for pods in a namespace. */
export const ownServiceAccounts = query(
  'own service accounts',
  (mesh, namespace: string): readonly Suggestion[] =>
    accounts(mesh)
      .filter((account) => account.namespace === namespace)
      .map(({ serviceAccount, runs }) => ({
        value: serviceAccount,
        kind: 'reference',
        detail: usersText(runs),
      })),
)

function usersText(runs: readonly string[]): string {
  const [first] = runs
  return first === undefined
    ? 'not used by a workload'
    : runs.length === 1
      ? first
      : `${first} and ${runs.length - 1} more`
}

function usersDocumentation(runs: readonly string[]): string {
  return runs.length < 2
    ? ''
    : ['Used by:', ...runs.slice(0, MAX_NAMES * 4).map((run) => `- ${run}`)].join('\n')
}

export const namespaces = query('known namespaces', (mesh, _: ''): readonly Suggestion[] => {
  const objects = mesh.all('Namespace').map(({ name }) => name)
  const used = [
    ...mesh.all('Service'),
    ...mesh.all('ServiceAccount'),
    ...mesh.all('Gateway'),
    ...mesh.workloadsAt(keys.allWorkloads()),
  ].map(({ namespace }) => namespace)
  return distinct(
    [...objects, ...used].filter((name) => !isUnnamed(name) && !isPlaceholder(name)),
  ).map((value) => ({
    value,
    kind: 'reference',
    detail: objects.includes(value) ? 'Namespace' : 'used in other objects',
  }))
})

/** The labels on pods: key → value → workloads. `namespace` is `''` for all namespaces. */
const podLabelsIn = query(
  'labels on pods',
  (mesh, namespace: string): ReadonlyMap<string, ReadonlyMap<string, readonly Workload[]>> => {
    const result = new Map<string, Map<string, Workload[]>>()
    for (const workload of mesh.workloadsAt(
      namespace === '' ? keys.allWorkloads() : keys.workloads(namespace),
    )) {
      for (const [key, value] of Object.entries(podLabels(workload) ?? {})) {
        const values = getOrInsert(result, key, () => new Map<string, Workload[]>())
        addToGroup(values, value, workload)
      }
    }
    return result
  },
)

export function labelKeys(
  mesh: Mesh,
  namespace: string,
): readonly { readonly key: string; readonly detail: string }[] {
  return [...mesh.get(podLabelsIn, namespace)].map(([key, values]) => ({
    key,
    detail: [...values.keys()].slice(0, MAX_NAMES).join(', '),
  }))
}

export function labelValues(mesh: Mesh, namespace: string, key: string): readonly Suggestion[] {
  const values = mesh.get(podLabelsIn, namespace).get(key) ?? new Map<string, readonly Workload[]>()
  return [...values].map(([value, workloads]) => ({
    value,
    kind: 'reference',
    detail: workloadText(workloads),
    isText: true,
  }))
}

function workloadText(workloads: readonly Workload[]): string {
  const [first] = workloads
  return first && workloads.length === 1
    ? `${first.type} ${first.name}`
    : `${workloads.length} workloads`
}

/** The targets of a kind for a policy in the namespace. */
export function targets(mesh: Mesh, namespace: string, kind: string): readonly Suggestion[] {
  const suggest = (value: string, detail: string): Suggestion => ({
    value,
    kind: 'reference',
    detail,
  })
  switch (kind) {
    case 'Service':
      return mesh
        .inNamespace('Service', namespace)
        .map(({ name, ports }) =>
          suggest(
            name,
            ports.length === 0
              ? 'Service'
              : `Service, port ${ports.map(({ port }) => port).join(', ')}`,
          ),
        )
    case 'ServiceEntry':
      return mesh
        .inNamespace('ServiceEntry', namespace)
        .map(({ name, hosts }) => suggest(name, hosts.slice(0, MAX_NAMES).join(', ')))
    case 'Gateway':
      return mesh
        .inNamespace('Gateway', namespace)
        .map(({ name, gatewayClassName }) => suggest(name, gatewayClassName))
    case 'GatewayClass':
      return [
        suggest(
          WAYPOINT_CLASS,
          namespace === mesh.settings.rootNamespace
            ? 'every waypoint'
            : 'only for policies in the root namespace',
        ),
      ]
    default:
      return []
  }
}

export function waypointNames(mesh: Mesh, namespace: string): readonly Suggestion[] {
  const waypoints = mesh
    .inNamespace('Gateway', namespace)
    .filter(({ gatewayClassName }) => mesh.get(classRole, gatewayClassName) === 'waypoint')
  return [
    ...waypoints.map(({ name }): Suggestion => ({
      value: name,
      kind: 'reference',
      detail: 'waypoint',
    })),
    { value: 'none', kind: 'enum', detail: 'no waypoint' },
  ]
}

export function gatewayClasses(mesh: Mesh): readonly Suggestion[] {
  const known = ['istio-waypoint', 'istio', 'istio-east-west', 'istio-remote']
  const own = mesh
    .all('GatewayClass')
    .map(({ name }) => name)
    .filter((name) => !known.includes(name))
  return [...known, ...own].map((value) => ({
    value,
    kind: 'enum',
    detail: mesh.get(classRole, value) === 'unknown' ? 'GatewayClass' : mesh.get(classRole, value),
  }))
}

/** The container ports of the pods that a selector matches. */
export function containerPorts(
  mesh: Mesh,
  namespace: string,
  selector: Labels,
): readonly Suggestion[] {
  const inRoot = namespace === mesh.settings.rootNamespace
  const found = selectWorkloads(mesh, selector, inRoot ? undefined : namespace).flatMap(
    (workload) =>
      workload.type === 'WorkloadEntry'
        ? []
        : workload.template.ports.map(({ containerPort, name }) => ({
            containerPort,
            name,
            workload,
          })),
  )
  return distinct(found.map(({ containerPort }) => containerPort)).map((port): Suggestion => {
    const here = found.filter(({ containerPort }) => containerPort === port)
    const distinctWorkloads = [...new Set(here.map(({ workload }) => workload))]
    return {
      value: String(port),
      kind: 'reference',
      detail: `${portText(here[0]?.name)} of ${workloadText(distinctWorkloads)}`,
    }
  })
}

function portText(name: string | undefined): string {
  return name === undefined ? 'container port' : `container port ${name}`
}

/** The names of the container ports behind a Service. */
export function portNames(mesh: Mesh, namespace: string, selector: Labels): readonly Suggestion[] {
  if (Object.keys(selector).length === 0) return []
  const ports = selectWorkloads(mesh, selector, namespace).flatMap((workload) =>
    workload.type === 'WorkloadEntry' ? [] : workload.template.ports,
  )
  return distinct(ports.flatMap(({ name }) => name ?? [])).map((value) => ({
    value,
    kind: 'reference',
    detail: `container port ${ports.find(({ name }) => name === value)?.containerPort ?? ''}`,
  }))
}

/** The ports of Services, which a waypoint compares. */
export function servicePorts(
  mesh: Mesh,
  namespace: string,
  names: readonly string[],
): readonly Suggestion[] {
  const services = names.flatMap((name) => mesh.named('Service', namespace, name) ?? [])
  return services.flatMap((service) =>
    service.ports.map(({ port, name }): Suggestion => ({
      value: String(port),
      kind: 'reference',
      detail: `Service port${name === undefined ? '' : ` ${name}`} of ${service.name}`,
      documentation: `Number of workloads: ${mesh.get(workloadsOfService, service).length}.`,
    })),
  )
}

export const hosts = query('known hosts', (mesh, _: ''): readonly Suggestion[] =>
  mesh
    .all('Service')
    .filter(({ namespace }) => !isUnnamed(namespace))
    .flatMap(({ namespace, name }): Suggestion[] =>
      [name, `${name}.${namespace}`, `${name}.${namespace}.svc.cluster.local`].map((value) => ({
        value,
        kind: 'reference',
        detail: `Service ${namespace}/${name}`,
      })),
    ),
)

function distinct<T extends string | number>(values: readonly T[]): T[] {
  return [...new Set(values)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}
