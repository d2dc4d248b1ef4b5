import fc from 'fast-check'
import type { AccessRequest } from '../access/request.js'
import type { Files } from './checkFiles.js'

/** An object as a manifest would hold it. */
export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
  readonly spec?: unknown
}

type Labels = Readonly<Record<string, string>>

const SPACES = ['alpha', 'beta']
const ROOT = 'istio-system'
const ACCOUNTS = ['api', 'web', 'default', 'waypoint']
const APPS = ['api', 'web', 'db']
const METHODS = ['GET', 'POST']
const PATHS = ['/', '/api', '/api/*', '*/admin', '/{*}/x', '*']
const BLOCKS = ['10.0.0.0/8', '10.1.0.1', '0.0.0.0/0', 'fd00::/16']

const some = <T>(value: fc.Arbitrary<T>) => fc.array(value, { minLength: 1, maxLength: 2 })
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const seldom = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value })
const pick = fc.constantFrom

/** One or two fields of a record. */
function few<T extends object>(fields: {
  readonly [K in keyof T]: fc.Arbitrary<T[K]>
}): fc.Arbitrary<Partial<T>> {
  const names = Object.keys(fields) as (keyof T)[]
  return fc
    .tuple(fc.record(fields), fc.subarray(names, { minLength: 1, maxLength: 2 }))
    .map(
      ([whole, kept]) => Object.fromEntries(kept.map((name) => [name, whole[name]])) as Partial<T>,
    )
}

const source = fc.oneof(
  few({
    principals: some(
      pick(
        '*',
        'cluster.local/ns/alpha/sa/api',
        'cluster.local/ns/beta/sa/waypoint',
        '*/sa/web',
        'cluster.local/ns/*',
        'other.example/ns/alpha/sa/api',
      ),
    ),
    notPrincipals: some(pick('*', 'cluster.local/ns/alpha/sa/web')),
    namespaces: some(pick('alpha', 'b*', '*')),
    notNamespaces: some(pick('beta', '*')),
    ipBlocks: some(pick(...BLOCKS)),
    notIpBlocks: some(pick(...BLOCKS)),
    remoteIpBlocks: some(pick(...BLOCKS)),
    requestPrincipals: some(pick('*', 'https://issuer.example/user', 'https://issuer.example/*')),
    trustDomains: some(pick('cluster.local', 'other.example', '*')),
  }),
  fc.record({
    serviceAccounts: some(pick('api', 'alpha/web', 'alpha/waypoint', 'beta/waypoint', 'waypoint')),
  }),
  fc.record({ notServiceAccounts: some(pick('alpha/web')) }),
)
const operation = few({
  ports: some(pick('80', '8080', '9090')),
  notPorts: some(pick('80', '9090')),
  methods: some(pick(...METHODS)),
  notMethods: some(pick(...METHODS)),
  paths: some(pick(...PATHS)),
  notPaths: some(pick(...PATHS)),
  hosts: some(pick('api.alpha', '*.example.com', '*')),
})
const condition = fc.oneof(
  fc.record({ key: pick('source.namespace'), values: some(pick('alpha', 'beta')) }),
  fc.record({
    key: pick('source.ip', 'remote.ip', 'destination.ip'),
    notValues: some(pick(...BLOCKS)),
  }),
  fc.record({
    key: pick('source.principal'),
    values: some(pick('*', 'cluster.local/ns/beta/sa/web')),
  }),
  fc.record({ key: pick('destination.port'), values: some(pick('80', '8080')) }),
  fc.record({
    key: pick(
      'request.headers[x-env]',
      'request.auth.claims[role]',
      'connection.sni',
      'experimental.envoy.filters.a',
    ),
    values: some(pick('prod', '*')),
  }),
)
const rule = fc
  .record({
    from: maybe(some(fc.record({ source }))),
    to: maybe(some(fc.record({ operation }))),
    when: seldom(some(condition)),
  })
  .map(({ from, to, when }) => ({
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    ...(when ? { when } : {}),
  }))

const targetRef = fc.oneof(
  fc.record({ group: pick('', 'core'), kind: pick('Service'), name: pick(...APPS) }),
  fc.record({
    group: pick('networking.istio.io'),
    kind: pick('ServiceEntry'),
    name: pick('outside'),
  }),
  fc.record({
    group: pick('gateway.networking.k8s.io'),
    kind: pick('Gateway'),
    name: pick('waypoint', 'gone'),
  }),
  fc.record({
    group: pick('gateway.networking.k8s.io'),
    kind: pick('GatewayClass'),
    name: pick('istio-waypoint'),
  }),
)
const attachment = fc.oneof(
  fc.constant({}),
  fc.record({ selector: fc.record({ matchLabels: fc.record({ app: pick(...APPS) }) }) }),
  fc.record({ selector: pick({}, { matchLabels: {} }) }),
  fc.record({ targetRefs: some(targetRef) }),
)
const authorizationPolicy = fc.record({
  namespace: pick(...SPACES, ROOT),
  annotations: seldom(fc.record({ 'istio.io/dry-run': pick('true', 'maybe') })),
  spec: fc
    .tuple(
      attachment,
      fc.record(
        {
          action: pick('ALLOW', 'ALLOW', 'DENY', 'DENY', 'AUDIT', 'CUSTOM'),
          rules: fc.array(rule, { maxLength: 2 }),
        },
        { requiredKeys: [] },
      ),
    )
    .map(([attached, rest]) => ({
      ...attached,
      ...rest,
      ...(rest.action === 'CUSTOM' ? { provider: { name: 'opa' } } : {}),
    })),
})

const mode = fc.record({ mode: pick('STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET') })
const peerAuthentication = fc.record({
  namespace: pick(...SPACES, ROOT),
  spec: fc
    .record(
      {
        selector: fc.record({ matchLabels: fc.record({ app: pick(...APPS) }) }),
        mtls: mode,
        portLevelMtls: fc.record({ 8080: mode, 9090: mode }, { requiredKeys: [] }),
      },
      { requiredKeys: [] },
    )
    .map(({ portLevelMtls, ...spec }) =>
      spec.selector && portLevelMtls ? { ...spec, portLevelMtls } : spec,
    ),
})
const requestAuthentication = fc.record({
  namespace: pick(...SPACES, ROOT),
  spec: attachment.map((attached) => ({
    ...attached,
    jwtRules: [{ issuer: 'https://issuer.example' }],
  })),
})

const useWaypoint = {
  'istio.io/use-waypoint': pick('waypoint', 'waypoint', 'waypoint', 'waypoint', 'gone', 'none'),
  'istio.io/use-waypoint-namespace': pick('alpha', 'beta'),
}
const namespaceLabels = fc
  .record(
    {
      'istio.io/dataplane-mode': pick('ambient', 'ambient', 'ambient', 'ambient', 'none'),
      'istio-injection': pick('disabled', 'enabled'),
      ...useWaypoint,
      'istio.io/ingress-use-waypoint': pick('true', 'yes'),
    },
    { requiredKeys: ['istio.io/dataplane-mode'] },
  )
  .map((labels): Labels =>
    labels['istio-injection'] === 'enabled' && labels['istio.io/use-waypoint']
      ? { ...labels, 'istio-injection': 'disabled' }
      : labels,
  )
const podLabels = fc
  .record({
    app: pick(...APPS),
    mode: seldom(pick('none', 'ambient')),
    inject: seldom(pick('true', 'false')),
    waypoint: seldom(pick('waypoint', 'none')),
  })
  .map(({ app, mode: dataplane, inject, waypoint }): Labels => ({
    app,
    ...(dataplane ? { 'istio.io/dataplane-mode': dataplane } : {}),
    ...(inject ? { 'sidecar.istio.io/inject': inject } : {}),
    ...(waypoint ? { 'istio.io/use-waypoint': waypoint } : {}),
  }))
const pod = fc.record({
  namespace: pick(...SPACES),
  labels: fc.option(podLabels, { nil: undefined, freq: 6 }),
  account: pick(...ACCOUNTS),
  hostNetwork: seldom(fc.constant(true)),
})
const service = fc.record({
  namespace: pick(...SPACES),
  labels: fc.record(
    { ...useWaypoint, 'istio.io/ingress-use-waypoint': pick('true', '1', 'yes') },
    { requiredKeys: [] },
  ),
  headless: seldom(fc.constant(true)),
  ports: fc.uniqueArray(
    fc
      .record({
        port: pick(80, 9090),
        targetPort: pick<number | string>(8080, 9090, 'web'),
        name: pick('http', 'tcp-db', 'other'),
      })
      .map((port) => ({ ...port, name: `${port.name}-${port.port}` })),
    { minLength: 1, maxLength: 2, selector: ({ port }) => port },
  ),
})
const gateway = fc.record({
  namespace: pick(...SPACES),
  name: pick('waypoint', 'waypoint', 'ingress'),
  waypointFor: maybe(pick('service', 'workload', 'all', 'none')),
  from: maybe(pick('All', 'Same')),
})

const inNamespace = <T extends { readonly namespace: string }>(
  objects: readonly T[],
  nameOf: (object: T, index: number) => string,
) => objects.map((object, index) => ({ ...object, name: nameOf(object, index) }))

/** The objects of a small mesh: every shape of policy over a handful of workloads, Services and waypoints. Every Namespace is there and says its mode. */
export const manifests: fc.Arbitrary<readonly Manifest[]> = fc
  .record({
    namespaces: fc.tuple(
      ...[...SPACES, ROOT].map((name) => namespaceLabels.map((labels) => ({ name, labels }))),
    ),
    pods: fc.array(pod, { minLength: 2, maxLength: 6 }),
    services: fc.uniqueArray(fc.record({ app: pick(...APPS), service }), {
      minLength: 1,
      maxLength: 4,
      selector: ({ app, service: { namespace } }) => `${namespace}/${app}`,
    }),
    gateways: fc.uniqueArray(gateway, {
      minLength: 1,
      maxLength: 4,
      selector: ({ namespace, name }) => `${namespace}/${name}`,
    }),
    entry: maybe(
      fc.record({
        namespace: pick(...SPACES),
        labels: fc.record(useWaypoint, { requiredKeys: [] }),
        hosts: some(pick('api.example.com', '*.example.com', '*.com')),
      }),
    ),
    policies: fc.array(authorizationPolicy, { maxLength: 4 }),
    peers: fc.array(peerAuthentication, { maxLength: 3 }),
    tokens: fc.array(requestAuthentication, { maxLength: 1 }),
  })
  .map(({ namespaces, pods, services, gateways, entry, policies, peers, tokens }) => [
    ...namespaces.map(({ name, labels }): Manifest => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels },
    })),
    ...inNamespace(pods, (_, index) => `pod-${index}`).map(
      ({ namespace, name, labels, account, hostNetwork }): Manifest => ({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace, ...(labels ? { labels } : {}) },
        spec: {
          serviceAccountName: account,
          ...(hostNetwork ? { hostNetwork } : {}),
          containers: [
            { name: 'app', image: 'app', ports: [{ name: 'web', containerPort: 8080 }] },
          ],
        },
      }),
    ),
    ...services.map(({ app, service: { namespace, labels, headless, ports } }): Manifest => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: app, namespace, labels },
      spec: { selector: { app }, ...(headless ? { clusterIP: 'None' } : {}), ports },
    })),
    ...gateways.map(({ namespace, name, waypointFor, from }): Manifest => ({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: {
        name,
        namespace,
        ...(waypointFor ? { labels: { 'istio.io/waypoint-for': waypointFor } } : {}),
      },
      spec: {
        gatewayClassName: name === 'waypoint' ? 'istio-waypoint' : 'istio',
        listeners: [
          {
            name: 'mesh',
            ...(name === 'waypoint'
              ? { port: 15008, protocol: 'HBONE' }
              : { port: 80, protocol: 'HTTP' }),
            ...(from ? { allowedRoutes: { namespaces: { from } } } : {}),
          },
        ],
      },
    })),
    ...(entry
      ? [
          {
            apiVersion: 'networking.istio.io/v1',
            kind: 'ServiceEntry',
            metadata: { name: 'outside', namespace: entry.namespace, labels: entry.labels },
            spec: {
              hosts: [...new Set(entry.hosts)],
              ports: [{ name: 'http', number: 80, protocol: 'HTTP' }],
            },
          },
        ]
      : []),
    ...inNamespace(policies, (_, index) => `policy-${index}`).map(
      ({ namespace, name, annotations, spec }): Manifest => ({
        apiVersion: 'security.istio.io/v1',
        kind: 'AuthorizationPolicy',
        metadata: { name, namespace, ...(annotations ? { annotations } : {}) },
        spec,
      }),
    ),
    ...inNamespace(peers, (_, index) => `peer-${index}`).map(
      ({ namespace, name, spec }): Manifest => ({
        apiVersion: 'security.istio.io/v1',
        kind: 'PeerAuthentication',
        metadata: { name, namespace },
        spec,
      }),
    ),
    ...inNamespace(tokens, (_, index) => `token-${index}`).map(
      ({ namespace, name, spec }): Manifest => ({
        apiVersion: 'security.istio.io/v1',
        kind: 'RequestAuthentication',
        metadata: { name, namespace },
        spec,
      }),
    ),
  ])

const from = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      namespace: pick(...SPACES),
      serviceAccount: pick(...ACCOUNTS, 'ingress-istio', 'unknown'),
      ip: maybe(pick('10.1.0.1', '192.168.0.1', 'fd00::1', 'nonsense')),
      trustDomain: seldom(pick('other.example')),
    }),
  },
  { weight: 1, arbitrary: fc.record({ ip: maybe(pick('10.1.0.1', '203.0.113.7')) }) },
)
const http = fc.record(
  {
    method: pick(...METHODS),
    path: pick('/', '/api', '/api/x', '/a/x', '/%'),
    host: pick('api.alpha', 'x.example.com'),
    headers: fc.record({ 'x-env': pick('prod', 'dev') }, { requiredKeys: [] }),
    requestPrincipal: pick('https://issuer.example/user', 'nobody'),
    claims: pick<Record<string, unknown>>(
      { iss: 'https://issuer.example', sub: 'user', role: 'prod' },
      {},
    ),
  },
  { requiredKeys: [] },
)
const nowhere = fc.oneof(
  fc.record({ service: pick('', '/', 'api', 'a/b/c'), port: pick(0, 80) }),
  fc.record({ host: pick('api.example.com', 'other.example.com', 'nowhere'), port: pick(80, 443) }),
)

/** A mesh and requests at it; one in a while asks for what is not there. */
export const questions: fc.Arbitrary<{
  readonly objects: readonly Manifest[]
  readonly requests: readonly AccessRequest[]
}> = fc
  .tuple(
    manifests,
    fc.array(
      fc.record({
        from,
        target: fc.nat(99),
        port: fc.nat(1),
        http: maybe(http),
        nowhere: seldom(nowhere),
      }),
      { minLength: 1, maxLength: 6 },
    ),
  )
  .map(([objects, asked]) => {
    const targets = objects.filter(({ kind }) => kind === 'Pod' || kind === 'Service')
    const requests = asked.map((request): AccessRequest => {
      const object = targets[request.target % targets.length]
      const name = `${object?.metadata.namespace ?? ''}/${object?.metadata.name ?? ''}`
      const to =
        request.nowhere ??
        (object?.kind === 'Service'
          ? { service: name, port: [80, 9090][request.port] ?? 80 }
          : { workload: name, port: [8080, 9090][request.port] ?? 8080 })
      return { from: request.from, to, http: request.http }
    })
    return { objects, requests }
  })

/** Objects as files, `perFile` in each. */
export function toFiles(objects: readonly Manifest[], perFile = 100): Files {
  const count = Math.ceil(objects.length / perFile)
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `file-${index}.yaml`,
      objects
        .slice(index * perFile, (index + 1) * perFile)
        .map((object) => JSON.stringify(object))
        .join('\n---\n'),
    ]),
  )
}

/** What is the same in another order: the lists of a policy's rules and of a Service's ports, but not its targetRefs, whose order a status repeats. */
const UNORDERED = new Set([
  'rules',
  'from',
  'to',
  'when',
  'ports',
  'hosts',
  'jwtRules',
  'values',
  'notValues',
])

/** The same objects in another order, with their lists in another order. */
export function shuffled(objects: readonly Manifest[], seed: number): readonly Manifest[] {
  let state = seed >>> 0
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  const order = <T>(list: readonly T[]): T[] => {
    const rest = [...list]
    return list.flatMap(() => rest.splice(random(rest.length), 1))
  }
  const inside = (value: unknown, name: string): unknown => {
    if (Array.isArray(value)) {
      const items = value.map((item: unknown) => inside(item, ''))
      return UNORDERED.has(name) || items.every((item) => typeof item === 'string')
        ? order(items)
        : items
    }
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      order(Object.entries(value)).map(([key, item]) => [key, inside(item, key)]),
    )
  }
  return order(objects).map((object) => ({ ...object, spec: inside(object.spec, 'spec') }))
}
