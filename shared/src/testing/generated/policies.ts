import fc from 'fast-check'
import {
  APPS,
  BLOCKS,
  few,
  maybe,
  METHODS,
  PATHS,
  pick,
  ROOT,
  seldom,
  some,
  SPACES,
} from './values.js'

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
export const authorizationPolicy = fc.record({
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
export const peerAuthentication = fc.record({
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
export const requestAuthentication = fc.record({
  namespace: pick(...SPACES, ROOT),
  spec: attachment.map((attached) => ({
    ...attached,
    jwtRules: [{ issuer: 'https://issuer.example' }],
  })),
})
