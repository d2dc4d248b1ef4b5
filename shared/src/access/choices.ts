import { keys } from '../inventory/indexKeys.js'
import { serviceAccountOf } from '../mesh/enrolment.js'
import { classRole, gatewayServiceAccount } from '../mesh/gatewayClass.js'
import { query } from '../mesh/mesh.js'
import { inOrder } from '../text/inOrder.js'
import { addToGroup } from '../text/collections.js'

/** A client that a request can come from. */
export interface SourceChoice {
  readonly namespace: string
  readonly serviceAccount: string
  /** What runs as it, as `kind namespace/name`. */
  readonly runs: readonly string[]
}

/** What a request can go to: `name` is `namespace/name` of a Service or workload, or a host of a ServiceEntry. */
export interface DestinationChoice {
  readonly kind: 'service' | 'workload' | 'host'
  readonly name: string
  readonly ports: readonly { readonly port: number; readonly name: string | undefined }[]
}

/** What the files know of requests, for a person to choose from. Everything is sorted. */
export interface RequestChoices {
  readonly sources: readonly SourceChoice[]
  readonly destinations: readonly DestinationChoice[]
  /** Values that policies name; patterns as they are written. */
  readonly methods: readonly string[]
  readonly paths: readonly string[]
  readonly hosts: readonly string[]
  readonly headers: readonly NamedValues[]
  readonly requestPrincipals: readonly string[]
  readonly claims: readonly NamedValues[]
}

export interface NamedValues {
  readonly name: string
  readonly values: readonly string[]
}

/** The clients, destinations and values of requests that a mesh knows. */
export const requestChoices = query('request choices', (mesh, _: ''): RequestChoices => {
  const rules = mesh.all('AuthorizationPolicy').flatMap((policy) => policy.rules)
  const sources = rules.flatMap(({ from }) => from ?? [])
  const operations = rules.flatMap(({ to }) => to ?? [])
  const conditions = rules.flatMap(({ when }) => when ?? [])
  const named = (pattern: RegExp): NamedValues[] => {
    const values = new Map<string, string[]>()
    for (const { key, values: wanted, notValues } of conditions) {
      const name = pattern.exec(key)?.[1]
      if (name !== undefined) addToGroup(values, name, ...wanted, ...notValues)
    }
    return [...values]
      .map(([name, found]) => ({ name, values: distinct(found) }))
      .sort((a, b) => inOrder(a.name, b.name))
  }
  return {
    sources: mesh.get(sourceChoices, ''),
    destinations: mesh.get(destinationChoices, ''),
    methods: distinct(
      operations.flatMap((operation) => [
        ...(operation?.methods ?? []),
        ...(operation?.notMethods ?? []),
      ]),
    ),
    paths: distinct(
      operations.flatMap((operation) => [
        ...(operation?.paths ?? []),
        ...(operation?.notPaths ?? []),
      ]),
    ),
    hosts: distinct(
      operations.flatMap((operation) => [
        ...(operation?.hosts ?? []),
        ...(operation?.notHosts ?? []),
      ]),
    ),
    headers: named(/^request\.headers\[(.+)\]$/),
    requestPrincipals: distinct(
      sources.flatMap((source) => [
        ...(source?.requestPrincipals ?? []),
        ...(source?.notRequestPrincipals ?? []),
      ]),
    ),
    claims: named(/^request\.auth\.claims\[([^\]]+)\]$/),
  }
})

/** Every service account that is an object or that something runs as. */
export const sourceChoices = query('source choices', (mesh, _: ''): readonly SourceChoice[] => {
  const accounts = new Map<string, { namespace: string; serviceAccount: string; runs: string[] }>()
  const account = (namespace: string, serviceAccount: string): string[] => {
    const key = `${namespace}/${serviceAccount}`
    const known = accounts.get(key) ?? { namespace, serviceAccount, runs: [] }
    accounts.set(key, known)
    return known.runs
  }
  for (const { namespace, name } of mesh.all('ServiceAccount')) account(namespace, name)
  for (const workload of mesh.workloadsAt(keys.allWorkloads()))
    account(workload.namespace, serviceAccountOf(workload)).push(
      `${workload.type} ${workload.namespace}/${workload.name}`,
    )
  for (const gateway of mesh.all('Gateway')) {
    if (mesh.get(classRole, gateway.gatewayClassName) === 'unknown') continue
    account(gateway.namespace, mesh.get(gatewayServiceAccount, gateway)).push(
      `Gateway ${gateway.namespace}/${gateway.name}`,
    )
  }
  return [...accounts]
    .sort(([a], [b]) => inOrder(a, b))
    .map(([, { runs, ...choice }]) => ({ ...choice, runs: distinct(runs) }))
})

const destinationChoices = query(
  'destination choices',
  (mesh, _: ''): readonly DestinationChoice[] => {
    const services = mesh.all('Service').map(({ namespace, name, ports }): DestinationChoice => ({
      kind: 'service',
      name: `${namespace}/${name}`,
      ports: ports.map(({ port, name: label }) => ({ port, name: label })),
    }))
    const workloads = mesh.workloadsAt(keys.allWorkloads()).map((workload): DestinationChoice => {
      const ports =
        workload.type === 'WorkloadEntry'
          ? []
          : workload.template.ports.map(({ containerPort, name }) => ({
              port: containerPort,
              name,
            }))
      return { kind: 'workload', name: `${workload.namespace}/${workload.name}`, ports }
    })
    const hosts = mesh.all('ServiceEntry').flatMap(({ hosts: names, ports }) =>
      names.map((name): DestinationChoice => ({
        kind: 'host',
        name,
        ports: ports.map(({ number, name: label }) => ({ port: number, name: label })),
      })),
    )
    return [services, workloads, hosts].flatMap((choices) =>
      choices.sort((a, b) => inOrder(a.name, b.name)),
    )
  },
)

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].sort(inOrder)
}
