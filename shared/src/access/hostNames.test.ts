import { describe, expect, it } from 'vitest'
import { evaluateRequest } from './evaluateRequest.js'
import { answer, clientIn, closedExit, entry, openEntry, OWN } from '../testing/egressMesh.js'
import {
  analyse,
  authorizationPolicy,
  deployment,
  documents,
  namespace,
  service,
  serviceEntry,
  Views,
  waypoint,
  type Fields,
} from '../testing/index.js'

describe('a host of no ServiceEntry', () => {
  it('is passed on', () => {
    const { verdict, assumptions } = answer([clientIn('apps')])
    expect(verdict).toBe('allow')
    expect(assumptions).toEqual([
      'no ServiceEntry has the host site.example.com: ztunnel connects to it directly, with every outboundTrafficPolicy',
    ])
  })

  it('is not decided for a client with a sidecar', () => {
    const sidecar = deployment('apps/web', {
      serviceAccount: 'web',
      podLabels: { 'sidecar.istio.io/inject': 'true' },
    })
    expect(answer([sidecar]).verdict).toBe('undecided')
  })

  it('is not decided where a template may define it', () => {
    const template =
      '{{- if .Values.x }}\napiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: y\n{{- end }}\n'
    expect(answer([clientIn('apps'), template]).verdict).toBe('undecided')
  })

  it.each(['api', 'api.shop', 'api.shop.svc', 'api.shop.svc.cluster.local'])(
    'is the Service of the name %s',
    (host) => {
      const shop = documents(
        namespace('shop'),
        closedExit('shop'),
        service('shop/api', { waypoint: 'exit' }),
        service('apps/api', { waypoint: 'shop/exit' }),
      )
      expect(answer([shop, clientIn('apps')], { host }).verdict).toBe('deny')
    },
  )

  it.each(['api', 'api.shop.svc.cluster.local'])('may be the Service %s elsewhere', (host) => {
    expect(answer([clientIn('apps')], { host }).verdict).toBe('undecided')
  })
})

describe('an address instead of a host', () => {
  const verdicts = (...objects: string[]): string[] =>
    ['198.51.100.7', '198.51.100.8', '192.0.2.1'].map(
      (host) => answer([...OWN, ...objects], { host }).verdict,
    )

  it('leads to the ServiceEntry that has it', () => {
    expect(verdicts(entry('apps/e', { addresses: ['198.51.100.7'] }))).toEqual([
      'deny',
      'undecided',
      'undecided',
    ])
    expect(
      verdicts(
        entry('apps/e', { resolution: 'NONE', addresses: ['198.51.100.0/24'] }),
        openEntry('apps/open', { hosts: ['a.example.com'], addresses: ['198.51.100.8'] }),
      ),
    ).toEqual(['deny', 'allow', 'undecided'])
  })
})

describe('a wildcard host with dynamic DNS', () => {
  const wild = (spec: Fields = {}): string =>
    serviceEntry('apps/wild', {
      waypoint: 'exit',
      ports: [
        { name: 'http', number: 80, protocol: 'HTTP' },
        { name: 'tls', number: 443, protocol: 'tls' },
        { name: 'https', number: 8443, protocol: 'HTTPS' },
      ],
      spec: { hosts: ['*.example.com'], resolution: 'DYNAMIC_DNS', ...spec },
    })
  const open = [waypoint('apps/exit'), clientIn('apps')]

  it('has no filter chain for TLS', () => {
    const verdicts = (settings = {}): string[] =>
      [80, 443, 8443].map((port) => answer([...open, wild()], { port }, settings).verdict)
    expect(verdicts()).toEqual(['allow', 'deny', 'undecided'])
    expect(verdicts({ flags: { ENABLE_WILDCARD_HOST_SERVICE_ENTRIES_FOR_TLS: true } })).toEqual([
      'allow',
      'allow',
      'allow',
    ])
  })

  it('does not apply without a waypoint', () => {
    expect(answer([clientIn('apps'), wild()]).verdict).toBe('undecided')
  })
})

describe('pods on the host network', () => {
  const agent = (spec: Fields): string =>
    documents(
      waypoint('apps/all', { for: 'all' }),
      authorizationPolicy('apps/closed-all', {
        targetRefs: ['Gateway/all'],
        action: 'DENY',
        rules: [{}],
      }),
      deployment('apps/agent', { waypoint: 'all', spec }),
      service('apps/agent', { waypoint: 'all' }),
      service('apps/agents', { app: 'agent', waypoint: 'all', spec: { clusterIP: 'None' } }),
      clientIn('apps'),
    )
  const verdicts = (spec: Fields): string[] =>
    [
      { workload: 'apps/agent', port: 8080 },
      { service: 'apps/agent', port: 80 },
      { service: 'apps/agents', port: 80 },
    ].map(
      (to) =>
        new Views(documents(namespace('apps'), agent(spec))).evaluate({
          from: { namespace: 'apps', serviceAccount: 'web' },
          to,
        }).verdict,
    )

  it('pass no waypoint where they are called by address or through a headless Service', () => {
    expect(verdicts({ hostNetwork: true })).toEqual(['allow', 'deny', 'allow'])
    expect(verdicts({})).toEqual(['deny', 'deny', 'deny'])
  })
})

it.each([
  [undefined, 'allow', 'deny'],
  ['HTTP', 'allow', 'deny'],
  ['TCP', 'deny', 'deny'],
])(
  'a port with the protocol %s: GET is %s, and a connection is %s',
  (protocol, get, connection) => {
    const objects = [
      namespace('apps'),
      waypoint('apps/exit'),
      clientIn('apps'),
      serviceEntry('apps/site', {
        waypoint: 'exit',
        ports: [{ name: 'web', number: 80, protocol }],
        spec: { hosts: ['site.example.com'], resolution: 'DNS' },
      }),
      authorizationPolicy('apps/get', {
        targetRefs: ['ServiceEntry/site'],
        rules: [{ to: [{ operation: { methods: ['GET'] } }] }],
      }),
    ]
    const { mesh } = analyse(documents(...objects), { world: 'closed' })
    const verdictOf = (http?: { readonly method: string }): string =>
      evaluateRequest(mesh, {
        from: { namespace: 'apps', serviceAccount: 'web' },
        to: { host: 'site.example.com', port: 80 },
        ...(http ? { http } : {}),
      }).verdict
    expect([verdictOf({ method: 'GET' }), verdictOf()]).toEqual([get, connection])
  },
)
