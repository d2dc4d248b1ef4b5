import fc from 'fast-check'
import { authorizationPolicy } from './policies.js'
import { APPS, few, maybe, METHODS, pick, seldom, some, SPACES, type Manifest } from './values.js'

const GATEWAY_API = 'gateway.networking.k8s.io'
const NETWORKING = 'networking.istio.io/v1'
/** `gone` is no Service of the mesh. */
const BACKENDS = [...APPS, ...APPS, 'gone']
const ROUTED_PATHS = ['/', '/api', '/a']
const weight = maybe(pick(0, 1, 3))
const kinds = pick('HTTPRoute', 'HTTPRoute', 'GRPCRoute', 'TCPRoute')

/** A header, or a query parameter. */
const named = (name: string) => fc.record({ name: pick(name), value: pick('prod', 'dev') })
const mirror = pick(...APPS).map((name) => ({
  type: 'RequestMirror',
  requestMirror: { backendRef: { name, port: 80 } },
}))
const redirect = pick({ type: 'RequestRedirect', requestRedirect: { statusCode: 301 } })
const httpMatch = few({
  method: pick(...METHODS),
  path: fc.record({ type: pick('Exact', 'PathPrefix'), value: pick(...ROUTED_PATHS) }),
  headers: named('x-env').map((header) => [header]),
  queryParams: named('env').map((param) => [param]),
})
const grpcMatch = few({
  method: few({ service: pick('api', 'a'), method: pick('x', 'y') }).map((method) => ({
    service: 'api',
    ...method,
  })),
  headers: named('x-env').map((header) => [header]),
})
const backendRefs = some(
  fc.record(
    { name: pick(...BACKENDS), namespace: pick(...SPACES), port: pick(80, 9090), weight },
    { requiredKeys: ['name', 'port'] },
  ),
)
const rule = fc.record({
  http: maybe(some(httpMatch)),
  grpc: maybe(some(grpcMatch)),
  filter: seldom(fc.oneof(mirror, redirect)),
  backendRefs,
})
/** The number of a Service of the mesh. */
const called = fc.nat(3)
const route = fc.record({
  kind: kinds,
  called,
  port: maybe(pick(80, 9090)),
  rules: some(rule),
  policy: seldom(authorizationPolicy),
})

const text = (...values: readonly string[]) =>
  fc.oneof(
    pick(...values).map((exact) => ({ exact })),
    pick(...values).map((prefix) => ({ prefix })),
  )
const virtualMatch = fc
  .tuple(
    few({
      uri: text(...ROUTED_PATHS),
      method: text(...METHODS),
      authority: text('api.alpha', 'x'),
      headers: fc.record({ 'x-env': text('prod', 'd') }),
      withoutHeaders: fc.record({ 'x-env': fc.oneof(text('prod'), pick({})) }),
      queryParams: fc.record({ env: pick({ exact: 'prod' }) }),
    }),
    fc.record(
      {
        ignoreUriCase: pick(true),
        port: pick(80, 9090),
        sourceNamespace: pick(...SPACES),
        sourceLabels: pick({ app: 'web' }),
        gateways: pick(['mesh'], ['ingress']),
      },
      { requiredKeys: [] },
    ),
    fc.boolean(),
  )
  .map(([conditions, more, hasMore]) => (hasMore ? { ...conditions, ...more } : conditions))
const virtualDestination = fc.record(
  {
    destination: fc
      .record(
        { host: pick(...BACKENDS), subset: pick('web', 'none'), port: pick(80, 9090) },
        { requiredKeys: ['host'] },
      )
      .map(({ port, ...rest }) => ({ ...rest, ...(port ? { port: { number: port } } : {}) })),
    weight: pick(0, 1, 3),
  },
  { requiredKeys: ['destination'] },
)
const virtualRoute = fc.record({
  match: maybe(some(virtualMatch)),
  target: fc.oneof(
    { weight: 6, arbitrary: some(virtualDestination).map((to) => ({ route: to })) },
    {
      weight: 1,
      arbitrary: pick<object>({ redirect: { uri: '/' } }, { directResponse: { status: 503 } }),
    },
    { weight: 1, arbitrary: pick<object>({ delegate: { name: 'other' } }) },
  ),
  mirrors: seldom(pick(...APPS).map((host) => [{ destination: { host } }])),
})
const virtualService = fc.record({
  called,
  hasLongHost: fc.boolean(),
  exportTo: seldom(pick(['.'], ['alpha'])),
  gateways: seldom(pick(['mesh'], ['alpha/ingress'])),
  http: some(virtualRoute),
  tcp: seldom(virtualDestination.map((to) => [{ route: [to] }])),
})
const subsets = fc.record({ namespace: pick(...SPACES), host: pick(...APPS) })

/** Objects that are added to those of a mesh, in which the Services that they name may change. */
export type Addition = (mesh: readonly Manifest[]) => readonly Manifest[]

/**
 * Routes to the Services of a mesh: of the Gateway API with weights, mirrors and policies, VirtualServices, and their
 * subsets. Most of these Services get a waypoint.
 */
export const routes: fc.Arbitrary<Addition> = fc
  .record({
    routes: fc.array(route, { maxLength: 2 }),
    virtual: fc.array(virtualService, { maxLength: 2 }),
    subsets: fc.array(subsets, { maxLength: 1 }),
    isBound: pick(true, true, false),
  })
  .map((drawn) => (mesh) => {
    const services = mesh.filter(({ kind }) => kind === 'Service')
    const nameOf = (number: number): { namespace: string; name: string } => {
      const { namespace = '', name = '' } = services[number % services.length]?.metadata ?? {}
      return { namespace, name }
    }
    const routed = [...drawn.routes, ...drawn.virtual].map((each) => nameOf(each.called))
    return [
      ...(drawn.isBound ? withWaypoints(mesh, routed) : mesh),
      ...drawn.routes.flatMap(({ kind, called: number, port, rules, policy }, index) => {
        const { namespace, name } = nameOf(number)
        const at = { kind, namespace, name: `route-${index}` }
        return [
          routeManifest(at, {
            parentRefs: [{ group: '', kind: 'Service', name, ...(port ? { port } : {}) }],
            rules: rules.map((each) => ruleOf(kind, each)),
          }),
          ...(policy ? [policyOf(at, policy)] : []),
        ]
      }),
      ...drawn.virtual.map(({ called: number, hasLongHost, http, ...spec }, index): Manifest => {
        const { namespace, name } = nameOf(number)
        return {
          apiVersion: NETWORKING,
          kind: 'VirtualService',
          metadata: { name: `virtual-${index}`, namespace },
          spec: {
            ...spec,
            hosts: [hasLongHost ? `${name}.${namespace}.svc.cluster.local` : name],
            http: http.map(({ target, ...each }) => ({ ...each, ...target })),
          },
        }
      }),
      ...drawn.subsets.map(({ namespace, host }): Manifest => ({
        apiVersion: NETWORKING,
        kind: 'DestinationRule',
        metadata: { name: 'subsets', namespace },
        spec: { host, subsets: [{ name: 'web', labels: { app: 'web' } }] },
      })),
    ]
  })

/** The mesh with a waypoint for some of its Services. */
function withWaypoints(
  mesh: readonly Manifest[],
  services: readonly { readonly namespace: string; readonly name: string }[],
): Manifest[] {
  const namespaces = new Set(services.map(({ namespace }) => namespace))
  return [
    ...mesh.flatMap((each): Manifest[] => {
      const { namespace = '', name, labels } = each.metadata
      if (each.kind === 'Gateway' && name === 'waypoint' && namespaces.has(namespace)) return []
      const isRouted = services.some(
        (service) => service.namespace === namespace && service.name === name,
      )
      if (each.kind !== 'Service' || !isRouted) return [each]
      const bound = { ...labels, 'istio.io/use-waypoint': 'waypoint' }
      return [{ ...each, metadata: { name, namespace, labels: bound } }]
    }),
    ...[...namespaces].map((namespace): Manifest => ({
      apiVersion: `${GATEWAY_API}/v1`,
      kind: 'Gateway',
      metadata: { name: 'waypoint', namespace },
      spec: {
        gatewayClassName: 'istio-waypoint',
        listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }],
      },
    })),
  ]
}

interface RouteName {
  readonly kind: string
  readonly namespace: string
  readonly name: string
}

function routeManifest({ kind, namespace, name }: RouteName, spec: object): Manifest {
  const version = kind === 'TCPRoute' ? 'v1alpha2' : 'v1'
  return { apiVersion: `${GATEWAY_API}/${version}`, kind, metadata: { name, namespace }, spec }
}

type Rule = typeof rule extends fc.Arbitrary<infer T> ? T : never

function ruleOf(kind: string, { http, grpc, filter, backendRefs: refs }: Rule): object {
  if (kind === 'TCPRoute') return { backendRefs: refs }
  const matches = kind === 'HTTPRoute' ? http : grpc
  const filters = filter && kind === 'HTTPRoute' ? [filter] : undefined
  const redirects = filter?.type === 'RequestRedirect' && filters !== undefined
  return { matches, filters, ...(redirects ? {} : { backendRefs: refs }) }
}

function policyOf({ kind, namespace, name }: RouteName, { spec }: { spec: object }): Manifest {
  const targetRefs = [{ group: GATEWAY_API, kind, name }]
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name: `of-${name}`, namespace },
    spec: { ...spec, selector: undefined, targetRefs },
  }
}
