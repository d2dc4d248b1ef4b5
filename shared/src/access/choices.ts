import { keys } from '../inventory/indexKeys.js'
import { serviceAccountOf } from '../mesh/pods.js'
import { classRole, gatewayServiceAccount } from '../mesh/gatewayClass.js'
import { query } from '../mesh/mesh.js'
import { ruleTests, type AttributeTest } from '../resources/attributeTests.js'
import { compareText } from '../text/compareText.js'
import { addAllToGroup } from '../text/collections.js'
import { isHttpAttribute, type HttpAttribute } from '../vocabulary/attributes.js'
import { formatServiceAccount } from '../vocabulary/serviceAccountName.js'

/** A client that a request can come from. */
export interface SourceChoice {
  readonly namespace: string
  readonly serviceAccount: string
  /** Workloads and Gateways that use the service account, as `kind namespace/name`. */
  readonly runs: readonly string[]
}

/** A destination: `name` is `namespace/name` of a Service or workload, or a host of a ServiceEntry. */
export interface DestinationChoice {
  readonly kind: 'service' | 'workload' | 'host'
  readonly name: string
  readonly ports: readonly { readonly port: number; readonly name: string | undefined }[]
}

/** Values to choose from when a person writes a request. Everything is sorted. */
export interface RequestChoices {
  readonly sources: readonly SourceChoice[]
  readonly destinations: readonly DestinationChoice[]
  /** Values in policies; patterns as written. */
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

type ValueList = Exclude<keyof RequestChoices, 'sources' | 'destinations'>

/** The list that offers the values of an attribute. Undefined where a request has no field for it. */
const LIST_OF: Readonly<Record<HttpAttribute, ValueList | undefined>> = {
  method: 'methods',
  path: 'paths',
  host: 'hosts',
  header: 'headers',
  requestPrincipal: 'requestPrincipals',
  claim: 'claims',
  audience: undefined,
  presenter: undefined,
}

/** The clients, destinations and values of requests in the files of a mesh. */
export const requestChoices = query('request choices', (mesh, _: ''): RequestChoices => {
  const tests = mesh
    .all('AuthorizationPolicy')
    .flatMap(({ rules }) => rules.flatMap((rule) => ruleTests(rule).flat()))
  const testsFor = (list: ValueList): AttributeTest[] =>
    tests.filter(({ attribute }) => isHttpAttribute(attribute) && LIST_OF[attribute] === list)
  const values = (list: ValueList): string[] => distinct(testsFor(list).flatMap(allValues))
  const named = (list: ValueList): NamedValues[] => {
    const byName = new Map<string, string[]>()
    for (const test of testsFor(list)) {
      const [name, ...nested] = test.entry
      if (name !== undefined && nested.length === 0) addAllToGroup(byName, name, allValues(test))
    }
    return [...byName]
      .map(([name, found]) => ({ name, values: distinct(found) }))
      .sort((a, b) => compareText(a.name, b.name))
  }
  return {
    sources: mesh.get(sourceChoices, ''),
    destinations: mesh.get(destinationChoices, ''),
    methods: values('methods'),
    paths: values('paths'),
    hosts: values('hosts'),
    headers: named('headers'),
    requestPrincipals: values('requestPrincipals'),
    claims: named('claims'),
  }
})

function allValues({ values, notValues }: AttributeTest): string[] {
  return [...values, ...notValues]
}

/** Every service account that is an object or that a workload or Gateway uses. */
export const sourceChoices = query('source choices', (mesh, _: ''): readonly SourceChoice[] => {
  const accounts = new Map<string, { namespace: string; serviceAccount: string; runs: string[] }>()
  const account = (namespace: string, serviceAccount: string): string[] => {
    const key = formatServiceAccount({ namespace, serviceAccount })
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
    .sort(([a], [b]) => compareText(a, b))
    .map(([, { runs, ...choice }]) => ({ ...choice, runs: distinct(runs) }))
})

export const destinationChoices = query(
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
      choices.sort((a, b) => compareText(a.name, b.name)),
    )
  },
)

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].sort(compareText)
}
