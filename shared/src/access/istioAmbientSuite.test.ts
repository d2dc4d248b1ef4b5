import { describe, expect, it } from 'vitest'
import { readFixture } from '../testing/fixtureFiles.js'
import { analyse } from '../testing/index.js'
import { evaluateRequest } from './evaluateRequest.js'
import type { RequestHttp, RequestSource, RequestTarget, Verdict } from './request.js'

// The scenarios of Istio's ambient integration tests: tests/integration/ambient/baseline_test.go and waypoint_test.go.

const APPS = [
  'captured',
  'service-addressed-waypoint',
  'workload-addressed-waypoint',
  'uncaptured',
  'sidecar',
] as const
type App = (typeof APPS)[number]

const apps = readFixture('meshes/istio-ambient-suite/apps.yaml')
const MESH: Record<App, { inMesh: boolean; waypoint: string | undefined }> = {
  captured: { inMesh: true, waypoint: undefined },
  'service-addressed-waypoint': { inMesh: true, waypoint: 'waypoint-service' },
  'workload-addressed-waypoint': { inMesh: true, waypoint: 'waypoint-workload' },
  uncaptured: { inMesh: false, waypoint: undefined },
  sidecar: { inMesh: true, waypoint: undefined },
}
const INGRESS: RequestSource = { namespace: 'istio-system', serviceAccount: 'istio-ingressgateway' }

interface Scenario {
  policies: string
  from: RequestSource
  to: RequestTarget
  http?: RequestHttp
}

function verdict({ policies, from, to, http }: Scenario): Verdict {
  const { mesh } = analyse({ 'apps.yaml': apps, 'policies.yaml': policies }, { world: 'closed' })
  return evaluateRequest(mesh, { from: { ip: '10.0.0.1', ...from }, to, http }).verdict
}

const client = (app: App): RequestSource => ({ namespace: 'echo', serviceAccount: app })
const service = (app: App, port = 9090): RequestTarget => ({ service: `echo/${app}`, port })
const pod = (app: App, port = 18080): RequestTarget => ({ workload: `echo/${app}`, port })
const pairs = APPS.flatMap((source) =>
  APPS.filter((target) => target !== source).map((target) => [source, target] as const),
)

function policy(name: string, spec: string, namespace = 'echo'): string {
  return `---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: ${name}, namespace: ${namespace}}\nspec:\n${spec}\n`
}

function peerAuthentication(spec: string, namespace = 'echo'): string {
  return `---\napiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: p-${namespace}, namespace: ${namespace}}\nspec:\n${spec}\n`
}

describe('TestAuthorizationL4', () => {
  const rules = (principals: string[]): string =>
    `  rules: [{from: [{source: {principals: ${JSON.stringify(principals)}}}]}]`
  const both = (target: App, principals: string[]): string =>
    policy(
      'policy-waypoint',
      `  targetRefs: [{kind: Service, group: core, name: ${target}}]\n${rules(principals)}`,
    ) + policy('policy', `  selector: {matchLabels: {app: ${target}}}\n${rules(principals)}`)

  it.each(pairs)('%s → %s', (source, target) => {
    const allowed = [
      `cluster.local/ns/echo/sa/${source}`,
      `cluster.local/ns/echo/sa/${MESH[target].waypoint ?? 'none'}`,
    ]
    const expected = (wanted: Verdict): Verdict =>
      !MESH[target].inMesh ? 'allow' : !MESH[source].inMesh ? 'deny' : wanted
    expect(
      verdict({ policies: both(target, allowed), from: client(source), to: service(target) }),
    ).toBe(expected('allow'))
    expect(
      verdict({
        policies: both(target, ['cluster.local/ns/something/sa/else']),
        from: client(source),
        to: service(target),
      }),
    ).toBe(expected('deny'))
  })
})

describe('TestPeerAuthentication', () => {
  const selected = (target: App, spec: string): string =>
    peerAuthentication(`  selector: {matchLabels: {app: ${target}}}\n${spec}`)
  const PERMISSIVE_PORTS = '  portLevelMtls: {18080: {mode: PERMISSIVE}, 19090: {mode: PERMISSIVE}}'
  const STRICT_PORTS = '  portLevelMtls: {18080: {mode: STRICT}, 19090: {mode: STRICT}}'

  it.each(pairs)('%s → %s', (source, target) => {
    const refusesPlaintext: Verdict = !MESH[source].inMesh && MESH[target].inMesh ? 'deny' : 'allow'
    const judged = (policies: string): Verdict =>
      verdict({ policies, from: client(source), to: service(target) })
    expect(judged(peerAuthentication('  mtls: {mode: PERMISSIVE}'))).toBe('allow')
    expect(judged(peerAuthentication('  mtls: {mode: STRICT}'))).toBe(refusesPlaintext)
    expect(judged(selected(target, `  mtls: {mode: STRICT}\n${PERMISSIVE_PORTS}`))).toBe('allow')
    expect(
      judged(
        peerAuthentication('  mtls: {mode: STRICT}', 'istio-system') +
          selected(target, PERMISSIVE_PORTS),
      ),
    ).toBe('allow')
    expect(
      judged(
        peerAuthentication('  mtls: {mode: PERMISSIVE}', 'istio-system') +
          selected(target, STRICT_PORTS),
      ),
    ).toBe(refusesPlaintext)
  })
})

describe('TestAuthorizationServiceAttached', () => {
  const attached = (rules: string): string =>
    policy(
      'policy-waypoint',
      `  targetRefs: [{kind: Service, group: core, name: service-addressed-waypoint}]\n${rules}`,
    )
  const http = (headers: Record<string, string> = {}): RequestHttp => ({
    method: 'GET',
    path: '/',
    host: 'a',
    headers,
  })

  it('speaks of its Service alone', () => {
    const other =
      '---\napiVersion: v1\nkind: Service\nmetadata: {name: other, namespace: echo, labels: {istio.io/use-waypoint: waypoint-service}}\nspec: {selector: {app: captured}, ports: [{name: http, port: 80, targetPort: 18080}]}\n'
    const policies =
      other +
      attached('  rules: [{from: [{source: {principals: [cluster.local/ns/something/sa/else]}}]}]')
    expect(
      verdict({
        policies,
        from: client('captured'),
        to: service('service-addressed-waypoint', 80),
        http: http(),
      }),
    ).toBe('deny')
    expect(
      verdict({
        policies,
        from: client('sidecar'),
        to: { service: 'echo/other', port: 80 },
        http: http(),
      }),
    ).toBe('allow')
    expect(
      verdict({
        policies,
        from: client('workload-addressed-waypoint'),
        to: { service: 'echo/other', port: 80 },
        http: http(),
      }),
    ).toBe('allow')
  })

  it('matches headers', () => {
    const policies = attached(
      '  rules: [{when: [{key: "request.headers[x-foo]", values: [x-bar]}]}]',
    )
    expect(
      verdict({
        policies,
        from: client('captured'),
        to: service('service-addressed-waypoint', 80),
        http: http({ 'x-foo': 'x-bar' }),
      }),
    ).toBe('allow')
    expect(
      verdict({
        policies,
        from: client('captured'),
        to: service('service-addressed-waypoint', 80),
        http: http({ 'x-foo': 'wrong-value' }),
      }),
    ).toBe('deny')
  })
})

describe('TestAuthorizationGateway', () => {
  it.each(APPS)('ingress → %s', (target) => {
    const policies = policy(
      'policy',
      `  selector: {matchLabels: {app: ${target}}}
  rules:
  - {from: [{source: {principals: [cluster.local/ns/istio-system/sa/istio-ingressgateway]}}], to: [{operation: {ports: ["18080"]}}]}
  - {from: [{source: {principals: [cluster.local/ns/echo/sa/someone-else]}}], to: [{operation: {ports: ["18085"]}}]}`,
    )
    const http = { method: 'GET', path: '/', host: 'a' }
    expect(verdict({ policies, from: INGRESS, to: service(target, 80), http })).toBe('allow')
    expect(verdict({ policies, from: INGRESS, to: service(target, 85), http })).toBe(
      MESH[target].inMesh ? 'deny' : 'allow',
    )
  })
})

describe('TestAuthorizationWaypointDefaultDeny', () => {
  const targets = [
    ['service-addressed-waypoint', service('service-addressed-waypoint', 80)],
    ['workload-addressed-waypoint', pod('workload-addressed-waypoint')],
  ] as const
  const allowNothing = policy('allow-nothing', '  {}', 'istio-system')

  it.each(targets)('captured → %s', (target, to) => {
    const fromWaypoint = policy(
      'allow-from-waypoint',
      `  rules: [{from: [{source: {principals: ["cluster.local/ns/echo/sa/${MESH[target].waypoint ?? ''}"]}}]}]`,
    )
    const atClass = policy(
      'allow-nothing-waypoint',
      '  targetRefs: [{group: gateway.networking.k8s.io, kind: GatewayClass, name: istio-waypoint}]',
      'istio-system',
    )
    const http = { method: 'GET', path: '/', host: 'a' }
    const judged = (policies: string): Verdict =>
      verdict({ policies, from: client('captured'), to, http })
    expect(judged(allowNothing)).toBe('deny')
    expect(judged(allowNothing + fromWaypoint)).toBe('allow')
    expect(judged(allowNothing + fromWaypoint + atClass)).toBe('deny')
  })
})

describe('TestAuthorizationL7', () => {
  const rules = (source: App): string => `  rules:
  - {to: [{operation: {paths: ["/allowed"], methods: [GET]}}]}
  - {from: [{source: {principals: [cluster.local/ns/echo/sa/${source}]}}], to: [{operation: {paths: ["/allowed-identity"], methods: [GET]}}]}
  - {from: [{source: {principals: [cluster.local/ns/echo/sa/someone-else]}}], to: [{operation: {paths: ["/denied-identity"], methods: [GET]}}]}
  - {to: [{operation: {methods: [GET], paths: ["/allowed-wildcard*"]}}]}
  - {to: [{operation: {methods: [GET], paths: ["/headers"]}}], when: [{key: "request.headers[x-test-header]", values: [match], notValues: [do-not-match]}]}
  - {to: [{operation: {methods: [POST]}}]}`
  const DENY = '  action: DENY\n  rules: [{to: [{operation: {paths: ["/explicit-deny"]}}]}]'
  const requests: [string, RequestHttp, Verdict][] = [
    ['simple deny', { path: '/deny' }, 'deny'],
    ['simple allow', { path: '/allowed' }, 'allow'],
    ['identity deny', { path: '/denied-identity' }, 'deny'],
    ['identity allow', { path: '/allowed-identity' }, 'allow'],
    ['explicit deny', { path: '/explicit-deny', method: 'POST' }, 'deny'],
    ['wildcard allow', { path: '/allowed-wildcardtest' }, 'allow'],
    ['headers allow', { path: '/headers', headers: { 'x-test-header': 'match' } }, 'allow'],
    ['headers deny', { path: '/headers', headers: { 'x-test-header': 'do-not-match' } }, 'deny'],
  ]
  // Sidecars do not talk to waypoints.
  const tested = pairs.filter(
    ([source, target]) => !(source === 'sidecar' && MESH[target].waypoint !== undefined),
  )

  it.each(tested)('%s → %s', (source, target) => {
    const { waypoint } = MESH[target]
    const atWorkload =
      waypoint === undefined
        ? rules(source)
        : `  rules: [{from: [{source: {principals: [cluster.local/ns/echo/sa/${waypoint}]}}]}]`
    const gateway = `  targetRefs: [{kind: Gateway, group: gateway.networking.k8s.io, name: ${waypoint ?? 'none'}}]\n`
    const selector = `  selector: {matchLabels: {app: ${target}}}\n`
    const policies =
      policy('policy', selector + atWorkload) +
      policy('policy-waypoint', gateway + rules(source)) +
      policy('deny-policy', selector + DENY) +
      policy('deny-policy-waypoint', gateway + DENY)
    const to = waypoint === 'waypoint-workload' ? pod(target) : service(target, 80)
    for (const [name, http, wanted] of requests) {
      const expected = (): Verdict => {
        if (!MESH[source].inMesh && target !== 'sidecar')
          return MESH[target].inMesh ? 'deny' : 'allow'
        if (!MESH[target].inMesh) return 'allow'
        if (waypoint === undefined && target !== 'sidecar') return 'deny'
        return !MESH[source].inMesh && name === 'identity allow' ? 'deny' : wanted
      }
      expect(
        verdict({
          policies,
          from: client(source),
          to,
          http: { method: 'GET', host: 'a', ...http },
        }),
        name,
      ).toBe(expected())
    }
  })
})

describe('TestPodIP, TestBogusUseWaypoint, TestIngress', () => {
  const deny = policy(
    'deny-all',
    '  targetRefs: [{kind: Gateway, group: gateway.networking.k8s.io, name: waypoint-service}]',
  )
  const http = { method: 'GET', path: '/', host: 'a' }

  it('goes past a service waypoint when pods are dialled', () => {
    expect(
      verdict({
        policies: deny,
        from: client('captured'),
        to: service('service-addressed-waypoint', 80),
        http,
      }),
    ).toBe('deny')
    expect(
      verdict({
        policies: deny,
        from: client('captured'),
        to: pod('service-addressed-waypoint'),
        http,
      }),
    ).toBe('allow')
  })

  it('fails open where the waypoint does not exist', () => {
    const bogus = apps.replace(
      'istio.io/use-waypoint: waypoint-service',
      'istio.io/use-waypoint: bogus-waypoint',
    )
    const { mesh } = analyse({ 'apps.yaml': bogus, 'deny.yaml': deny }, { world: 'closed' })
    expect(
      evaluateRequest(mesh, {
        from: client('captured'),
        to: service('service-addressed-waypoint', 80),
        http,
      }),
    ).toMatchObject({ verdict: 'allow', hops: [{ point: 'ztunnel' }] })
  })

  it('lets an ingress gateway past the waypoint unless the Service asks for it', () => {
    const asks = apps.replace(
      'istio.io/use-waypoint: waypoint-service',
      'istio.io/use-waypoint: waypoint-service\n    istio.io/ingress-use-waypoint: "true"',
    )
    const judged = (mesh: string): Verdict =>
      evaluateRequest(analyse({ 'apps.yaml': mesh, 'deny.yaml': deny }, { world: 'closed' }).mesh, {
        from: INGRESS,
        to: service('service-addressed-waypoint', 80),
        http,
      }).verdict
    expect(judged(apps)).toBe('allow')
    expect(judged(asks)).toBe('deny')
  })
})
