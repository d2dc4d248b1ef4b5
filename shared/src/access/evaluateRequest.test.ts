import { describe, expect, it } from 'vitest'
import type { MeshSettings } from '../mesh/meshSettings.js'
import { analyse } from '../testing/index.js'
import { evaluateRequest } from './evaluateRequest.js'
import type { AccessAnswer, AccessRequest, Hop } from './request.js'

type Plain = Readonly<Record<string, unknown>>

const object = (
  kind: string,
  name: string,
  namespace: string | undefined,
  rest: Plain = {},
  metadata: Plain = {},
): string => {
  const group: Readonly<Record<string, string>> = {
    Gateway: 'gateway.networking.k8s.io/v1',
    AuthorizationPolicy: 'security.istio.io/v1',
    PeerAuthentication: 'security.istio.io/v1',
    RequestAuthentication: 'security.istio.io/v1',
    ServiceEntry: 'networking.istio.io/v1',
    WorkloadEntry: 'networking.istio.io/v1',
    Istio: 'sailoperator.io/v1',
  }
  return JSON.stringify({
    apiVersion: group[kind] ?? 'v1',
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), ...metadata },
    ...rest,
  })
}
const labels = (given: Plain): Plain => ({ labels: given })
const AMBIENT = { 'istio.io/dataplane-mode': 'ambient' }
const USE = { 'istio.io/use-waypoint': 'waypoint' }
const namespace = (name: string, given: Plain = AMBIENT): string =>
  object('Namespace', name, undefined, {}, labels(given))
const pod = (
  name: string,
  {
    app = name,
    account = name,
    in: where = 'shop',
    given = {},
    spec = {},
  }: { app?: string; account?: string; in?: string; given?: Plain; spec?: Plain } = {},
): string =>
  object(
    'Pod',
    name,
    where,
    {
      spec: {
        serviceAccountName: account,
        containers: [{ name: 'a', ports: [{ name: 'web', containerPort: 8080 }] }],
        ...spec,
      },
    },
    labels({ app, ...given }),
  )
const service = (
  name: string,
  { given = USE, spec = {} }: { given?: Plain; spec?: Plain } = {},
): string =>
  object(
    'Service',
    name,
    'shop',
    {
      spec: {
        selector: { app: name },
        ports: [{ name: 'http', port: 80, targetPort: 8080 }],
        ...spec,
      },
    },
    labels(given),
  )
const gateway = (
  name: string,
  { className = 'istio-waypoint', given = {} }: { className?: string; given?: Plain } = {},
): string =>
  object(
    'Gateway',
    name,
    'shop',
    {
      spec: {
        gatewayClassName: className,
        listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }],
      },
    },
    labels(given),
  )
const policy = (
  name: string,
  spec: Plain,
  { in: where = 'shop', annotations = {} }: { in?: string; annotations?: Plain } = {},
): string => object('AuthorizationPolicy', name, where, { spec }, { annotations })
const fromAccounts = (...serviceAccounts: string[]): Plain => ({
  from: [{ source: { serviceAccounts } }],
})
const toService = (name: string): Plain => ({ targetRefs: [{ group: '', kind: 'Service', name }] })

const web = { namespace: 'shop', serviceAccount: 'web', ip: '10.0.0.1' }
const toApi = { service: 'shop/api', port: 80 }
const GET = { method: 'GET', path: '/', host: 'api' }
/** A client, and an API behind a waypoint. */
const SHOP = [namespace('shop'), pod('web'), pod('api'), service('api'), gateway('waypoint')]

function answer(
  objects: readonly string[],
  request: Partial<AccessRequest> = {},
  settings: MeshSettings = {},
): AccessAnswer {
  return evaluateRequest(analyse(objects.join('\n---\n'), { world: 'closed', settings }).mesh, {
    from: web,
    to: toApi,
    http: GET,
    ...request,
  })
}
const verdict = (...given: Parameters<typeof answer>): string => answer(...given).verdict
const hops = (...given: Parameters<typeof answer>): string[] =>
  answer(...given).hops.map(
    ({ point, name, identity, port, verdict: judged }) =>
      `${point} ${name} as ${identity ?? 'nobody'} on ${port}: ${judged}`,
  )
/** Hops with where they point, as text. */
const told = ({ hops: found, ...rest }: AccessAnswer): unknown => ({
  ...rest,
  hops: found.map(({ place, ...hop }: Hop) => ({
    ...hop,
    place: place && `${place.resource.name} ${place.path.join('.')}`,
  })),
})

describe('an answer tells', () => {
  it('each hop, who decided there and where that stands', () => {
    const policies = [
      policy('readers', {
        ...toService('api'),
        rules: [{ to: [{ operation: { methods: ['POST'] } }] }, fromAccounts('web')],
      }),
      policy('from-waypoint', {
        rules: [{ to: [{ operation: { methods: ['GET'] } }] }, fromAccounts('waypoint')],
      }),
    ]
    expect(told(answer([...SHOP, ...policies], { id: 'q' }))).toEqual({
      id: 'q',
      verdict: 'allow',
      assumptions: ['the waypoint shop/waypoint is ready'],
      hops: [
        {
          point: 'waypoint',
          name: 'shop/waypoint',
          identity: 'cluster.local/ns/shop/sa/web',
          port: 80,
          verdict: 'allow',
          reason: 'allow policy match',
          policy: 'shop/readers',
          rule: 1,
          place: 'readers spec.rules.1',
          evidence: [],
        },
        {
          point: 'ztunnel',
          name: 'shop/api',
          identity: 'cluster.local/ns/shop/sa/waypoint',
          port: 8080,
          verdict: 'allow',
          reason: 'allow policy match',
          policy: 'shop/from-waypoint',
          rule: 1,
          place: 'from-waypoint spec.rules.1',
          evidence: [],
        },
      ],
    })
  })

  it('no policy where none is', () => {
    expect(told(answer(SHOP))).toMatchObject({
      verdict: 'allow',
      hops: [
        {
          reason: 'no allow policies, allow',
          policy: null,
          rule: null,
          place: undefined,
          evidence: [],
        },
        {
          reason: 'no allow policies, allow',
          policy: null,
          rule: null,
          place: undefined,
          evidence: [],
        },
      ],
    })
  })

  it('which ALLOW policies none of matched, of those that are enforced', () => {
    const dry = { annotations: { 'istio.io/dry-run': 'true' } }
    const dryRun = { flags: { AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY: true } }
    const atWaypoint = [
      policy('a', { ...toService('api'), rules: [fromAccounts('x')] }),
      policy('b', { ...toService('api') }),
      policy('c', { ...toService('api'), rules: [{}] }, dry),
      policy('d', { ...toService('api'), action: 'DENY', rules: [fromAccounts('x')] }),
    ]
    expect(answer([...SHOP, ...atWaypoint], {}, dryRun)).toMatchObject({
      verdict: 'deny',
      hops: [
        {
          point: 'waypoint',
          reason: 'rbac_access_denied_matched_policy[none]',
          policy: null,
          rule: null,
          evidence: ['shop/a', 'shop/b'],
        },
      ],
    })
    const atPod = [
      policy('a', { rules: [fromAccounts('x')] }),
      policy('b', {}),
      policy('c', { rules: [{}] }, dry),
      policy('d', { action: 'DENY', rules: [fromAccounts('x')] }),
    ]
    expect(
      answer([...SHOP, ...atPod], { to: { workload: 'shop/api', port: 8080 } }, dryRun),
    ).toMatchObject({
      verdict: 'deny',
      hops: [
        {
          point: 'ztunnel',
          reason: 'allow policies exist, but none allowed',
          policy: null,
          rule: null,
          evidence: ['shop/a', 'shop/b'],
        },
      ],
    })
  })

  it('which DENY refused', () => {
    const rules = [{ to: [{ operation: { ports: ['81'] } }] }, fromAccounts('web', 'waypoint')]
    expect(
      told(
        answer([
          ...SHOP,
          policy('no', { ...toService('api'), action: 'DENY', rules }),
          policy('yes', { ...toService('api'), rules: [{}] }),
        ]),
      ),
    ).toMatchObject({
      verdict: 'deny',
      hops: [
        {
          point: 'waypoint',
          reason: 'rbac_access_denied_matched_policy[ns[shop]-policy[no]-rule[1]]',
          policy: 'shop/no',
          rule: 1,
          place: 'no spec.rules.1',
          evidence: [],
        },
      ],
    })
    expect(
      told(
        answer([...SHOP, policy('no', { action: 'DENY', rules }), policy('yes', { rules: [{}] })]),
      ),
    ).toMatchObject({
      verdict: 'deny',
      hops: [
        { point: 'waypoint' },
        {
          point: 'ztunnel',
          reason: 'explicitly denied by: shop/no',
          policy: 'shop/no',
          rule: 1,
          place: 'no spec.rules.1',
          evidence: [],
        },
      ],
    })
  })

  it('policies that istiod makes itself, which stand nowhere', () => {
    const strict = object('PeerAuthentication', 'p', 'shop', { spec: { mtls: { mode: 'STRICT' } } })
    expect(told(answer([...SHOP, strict], { from: {} }))).toMatchObject({
      verdict: 'deny',
      hops: [
        {
          point: 'ztunnel',
          identity: null,
          reason: 'explicitly denied by: istio-system/istio_converted_static_strict',
          policy: 'istio-system/istio_converted_static_strict',
          rule: null,
          place: undefined,
        },
      ],
    })
  })
})

describe('clients', () => {
  const atApi = (from: AccessRequest['from'], objects: readonly string[] = []): string[] => {
    const { hops: found, assumptions } = answer([...SHOP, ...objects], { from })
    return [
      ...found.map(({ point, identity }) => `${point} ${identity ?? 'nobody'}`),
      ...assumptions.filter((assumption) => assumption.startsWith('the client')),
    ]
  }
  const THROUGH = 'ztunnel cluster.local/ns/shop/sa/waypoint'
  const known = (account: string): string => `waypoint cluster.local/ns/shop/sa/${account}`

  it.each<[string, string[], string[]]>([
    ['an ambient pod', atApi(web), [known('web'), THROUGH]],
    ['nobody', atApi({}), ['ztunnel nobody']],
    ['an address', atApi({ ip: '1.2.3.4' }), ['ztunnel nobody']],
    ['an account without a namespace', atApi({ serviceAccount: 'web' }), ['ztunnel nobody']],
    ['a namespace without an account', atApi({ namespace: 'shop' }), ['ztunnel nobody']],
    [
      'an account of no workload',
      atApi({ namespace: 'shop', serviceAccount: 'x' }),
      [known('x'), THROUGH, 'the client runs as shop/x in an ambient pod'],
    ],
    [
      'a sidecar',
      atApi({ namespace: 'shop', serviceAccount: 'car' }, [
        pod('car', { given: { 'sidecar.istio.io/inject': 'true' } }),
      ]),
      ['ztunnel cluster.local/ns/shop/sa/car'],
    ],
    [
      'a pod outside the mesh',
      atApi({ namespace: 'shop', serviceAccount: 'out' }, [
        pod('out', { given: { 'istio.io/dataplane-mode': 'none' } }),
      ]),
      ['ztunnel nobody'],
    ],
    [
      'an ingress gateway by its Gateway',
      atApi({ namespace: 'shop', serviceAccount: 'door-istio' }, [
        gateway('door', { className: 'istio' }),
      ]),
      ['ztunnel cluster.local/ns/shop/sa/door-istio'],
    ],
    [
      'an ingress gateway by its pods',
      atApi({ namespace: 'shop', serviceAccount: 'door' }, [
        pod('door', { given: { istio: 'ingressgateway', 'istio.io/dataplane-mode': 'none' } }),
      ]),
      ['ztunnel cluster.local/ns/shop/sa/door'],
    ],
    [
      "another account than the Gateway's",
      atApi({ namespace: 'shop', serviceAccount: 'other-istio' }, [
        gateway('door', { className: 'istio' }),
      ]),
      [known('other-istio'), THROUGH, 'the client runs as shop/other-istio in an ambient pod'],
    ],
    [
      "a waypoint's account is no ingress gateway's",
      atApi({ namespace: 'shop', serviceAccount: 'waypoint' }),
      [known('waypoint'), THROUGH, 'the client runs as shop/waypoint in an ambient pod'],
    ],
    [
      'a pod whose mode is filled in',
      atApi({ namespace: 'shop', serviceAccount: 'open' }, [
        pod('open', { given: { 'istio.io/dataplane-mode': '${MODE}' } }),
      ]),
      [known('open'), THROUGH, 'the client runs as shop/open in an ambient pod'],
    ],
    [
      'an account in two kinds of pods',
      atApi({ namespace: 'shop', serviceAccount: 'web' }, [
        pod('car', { account: 'web', given: { 'sidecar.istio.io/inject': 'true' } }),
      ]),
      [known('web'), THROUGH, 'the client runs as shop/web in an ambient pod'],
    ],
    [
      'an account in pods with and without sidecar',
      atApi({ namespace: 'shop', serviceAccount: 'x' }, [
        pod('car', { account: 'x', given: { 'sidecar.istio.io/inject': 'true' } }),
        pod('out', { account: 'x', given: { 'istio.io/dataplane-mode': 'none' } }),
      ]),
      ['ztunnel cluster.local/ns/shop/sa/x', 'the client runs as shop/x in a pod with a sidecar'],
    ],
    [
      'an account of a gateway and of a pod outside',
      atApi({ namespace: 'shop', serviceAccount: 'door-istio' }, [
        gateway('door', { className: 'istio' }),
        pod('out', { account: 'door-istio', given: { 'istio.io/dataplane-mode': 'none' } }),
      ]),
      [
        'ztunnel cluster.local/ns/shop/sa/door-istio',
        'the client runs as shop/door-istio in an ingress gateway',
      ],
    ],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected)
  })
})

describe('trust domains', () => {
  const mesh = (aliases: string[]): string =>
    object('Istio', 'default', undefined, {
      spec: { values: { meshConfig: { trustDomain: 'corp', trustDomainAliases: aliases } } },
    })
  const foreign = { from: { ...web, trustDomain: 'other' } }
  const REFUSED = {
    verdict: 'deny',
    reason: 'the client certificate is of another trust domain',
    policy: null,
    rule: null,
    place: undefined,
    evidence: [],
  }
  const sidecar = [namespace('shop', { 'istio-injection': 'enabled' }), pod('api'), pod('web')]

  it('are those of the mesh', () => {
    expect(hops([...SHOP, mesh([])])).toEqual([
      'waypoint shop/waypoint as corp/ns/shop/sa/web on 80: allow',
      'ztunnel shop/api as corp/ns/shop/sa/waypoint on 8080: allow',
    ])
  })

  it('that differ are refused before any policy, by Envoy unless they are aliases', () => {
    const any = policy('any', { ...toService('api'), action: 'DENY', rules: [{}] })
    expect(answer([...SHOP, mesh([]), any], foreign)).toMatchObject({
      verdict: 'deny',
      hops: [{ ...REFUSED, point: 'waypoint', identity: 'other/ns/shop/sa/web' }],
    })
    expect(verdict([...SHOP, mesh(['other'])], foreign)).toBe('allow')
    const toPod = { ...foreign, to: { workload: 'shop/api', port: 8080 } }
    expect(answer([...SHOP, mesh(['other'])], toPod)).toMatchObject({
      verdict: 'deny',
      hops: [{ ...REFUSED, point: 'ztunnel' }],
    })
    expect(
      verdict([...SHOP, mesh(['other'])], { ...toPod, from: { ...web, trustDomain: 'corp' } }),
    ).toBe('allow')
    expect(answer([...sidecar, mesh([])], toPod)).toMatchObject({
      verdict: 'deny',
      hops: [{ ...REFUSED, point: 'sidecar' }],
    })
    expect(verdict([...sidecar, mesh(['other'])], toPod)).toBe('allow')
  })
})

describe('destinations', () => {
  const missing = (to: AccessRequest['to'], objects: readonly string[] = SHOP): AccessAnswer =>
    answer(objects, { id: 'q', to })
  const entry = (name: string, hosts: string[], spec: Plain = {}): string =>
    object(
      'ServiceEntry',
      name,
      'shop',
      { spec: { hosts, ports: [{ number: 80, protocol: 'HTTP', name: 'http' }], ...spec } },
      labels(USE),
    )

  it.each<[AccessRequest['to'], string]>([
    [{ service: 'shop/gone', port: 80 }, 'Service shop/gone'],
    [{ service: 'shop/api', port: 81 }, 'port 81 of Service shop/api'],
    [{ service: 'api', port: 80 }, 'Service api'],
    [{ service: 'aa', port: 80 }, 'Service aa'],
    [{ workload: 'shop/gone', port: 80 }, 'workload shop/gone'],
    [{ workload: 'other/api', port: 80 }, 'workload other/api'],
    [{ host: 'gone.example', port: 80 }, 'ServiceEntry with the host gone.example'],
    [{ host: 'a.example', port: 81 }, 'port 81 of ServiceEntry shop/out'],
  ])('%j is not there', (to, what) => {
    expect(
      missing(to, [
        ...SHOP,
        entry('out', ['a.example']),
        object('Service', 'aa', 'a', { spec: { ports: [{ port: 80 }] } }),
      ]),
    ).toEqual({
      id: 'q',
      verdict: 'undecided',
      hops: [],
      assumptions: [`there is no ${what} in these files`],
    })
  })

  it('take a port for TCP where UDP has the same number, and for nothing where only UDP has it', () => {
    const dns = (ports: Plain[]): readonly string[] => [
      ...SHOP,
      pod('dns'),
      service('dns', { given: {}, spec: { ports } }),
    ]
    const to = { service: 'shop/dns', port: 53 }
    const udp = { name: 'udp', port: 53, protocol: 'UDP', targetPort: 5353 }
    expect(hops(dns([udp, { name: 'tcp', port: 53, targetPort: 8053 }]), { to })).toEqual([
      'ztunnel shop/dns as cluster.local/ns/shop/sa/web on 8053: allow',
    ])
    expect(missing(to, dns([udp])).assumptions).toEqual([
      'there is no port 53 of Service shop/dns in these files',
    ])
    const entries = [
      ...SHOP,
      entry('out', ['a.example'], { ports: [{ number: 53, protocol: 'UDP', name: 'udp' }] }),
    ]
    expect(missing({ host: 'a.example', port: 53 }, entries).assumptions).toEqual([
      'there is no port 53 of ServiceEntry shop/out in these files',
    ])
  })

  it('are the ServiceEntry of a host, else of the longest wildcard', () => {
    const entries = [
      ...SHOP,
      entry('far', ['*.example']),
      entry('near', ['*.b.example']),
      entry('exact', ['x', 'a.b.example']),
      entry('any', ['*c.example']),
    ]
    const chosen = (host: string): readonly string[] => {
      const denied = ['far', 'near', 'exact', 'any'].map((name) =>
        policy(name, {
          targetRefs: [{ group: 'networking.istio.io', kind: 'ServiceEntry', name }],
          action: 'DENY',
          rules: [{}],
        }),
      )
      return answer([...entries, ...denied], { to: { host, port: 80 } }).hops.map(
        (hop) => hop.policy ?? '-',
      )
    }
    expect(chosen('a.b.example')).toEqual(['shop/exact'])
    expect(chosen('c.b.example')).toEqual(['shop/near'])
    expect(chosen('b.example')).toEqual(['shop/far'])
    expect(chosen('a.c.example')).toEqual(['shop/far'])
    expect(missing({ host: 'example', port: 80 }, entries).hops).toEqual([])
    expect(missing({ host: 'example.org', port: 80 }, entries).hops).toEqual([])
    expect(missing({ host: 'xb.example.org', port: 80 }, entries).verdict).toBe('undecided')
  })

  it('of a ServiceEntry are the workloads that it selects, on their ports', () => {
    const selecting = entry('out', ['a.example'], {
      workloadSelector: { labels: { app: 'api' } },
      ports: [{ number: 80, protocol: 'TCP', name: 'tcp', targetPort: 8443 }],
    })
    const vm = object('WorkloadEntry', 'vm', 'shop', {
      spec: { address: '10.0.0.9', labels: { app: 'api' }, serviceAccount: 'vm' },
    })
    expect(hops([...SHOP, selecting, vm], { to: { host: 'a.example', port: 80 } })).toEqual([
      'waypoint shop/waypoint as cluster.local/ns/shop/sa/web on 80: allow',
      'ztunnel shop/api as cluster.local/ns/shop/sa/waypoint on 8443: allow',
    ])
    const tcp = policy('p', {
      targetRefs: [{ group: 'networking.istio.io', kind: 'ServiceEntry', name: 'out' }],
      rules: [{ to: [{ operation: { methods: ['GET'] } }] }],
    })
    expect(verdict([...SHOP, selecting, tcp], { to: { host: 'a.example', port: 80 } })).toBe('deny')
    expect(
      verdict([...SHOP, entry('out', ['a.example']), tcp], { to: { host: 'a.example', port: 80 } }),
    ).toBe('allow')
  })

  it('are pods that have not ended, on the port that the Service names', () => {
    const ended = object('Job', 'unrelated', 'shop')
    const failed = (name: string): string =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace: 'shop', labels: { app: 'api' } },
        status: { phase: 'Failed' },
      })
    expect(
      verdict([
        namespace('shop'),
        pod('web'),
        pod('api'),
        failed('gone'),
        service('api', { given: {} }),
        policy('none', {}),
      ]),
    ).toBe('deny')
    const gone = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'gone', namespace: 'shop', labels: { app: 'api' } },
      spec: { containers: [] },
      status: { phase: 'Failed' },
    })
    const named = service('api', {
      given: {},
      spec: { ports: [{ name: 'http', port: 80, targetPort: 'web' }] },
    })
    const nameless = pod('nameless', { app: 'api', spec: { containers: [{ name: 'a' }] } })
    expect(
      hops([
        namespace('shop', { ...AMBIENT }),
        pod('api'),
        ended,
        gone,
        named,
        nameless,
        policy('none', {}),
      ]),
    ).toEqual(['ztunnel shop/api as cluster.local/ns/shop/sa/web on 8080: deny'])
    const deny = policy('none', { selector: { matchLabels: { app: 'api' } } })
    const onlyVm = object('WorkloadEntry', 'vm', 'shop', {
      spec: { address: '10.0.0.9', labels: { app: 'api' } },
    })
    expect(
      verdict([namespace('shop'), pod('api'), onlyVm, service('api', { given: {} }), deny]),
    ).toBe('undecided')
  })
})

describe('several backends', () => {
  const objects = [
    namespace('shop'),
    pod('web'),
    pod('a', { app: 'api', given: { part: 'a' } }),
    pod('b', { app: 'api', given: { part: 'b' } }),
    service('api', { given: {} }),
  ]
  const deny = (part: string): string =>
    policy(`not-${part}`, { selector: { matchLabels: { part } }, action: 'DENY', rules: [{}] })

  it.each<[string, string[], string]>([
    ['all allow', [], 'allow'],
    ['one denies', [deny('a')], 'undecided'],
    ['all deny', [deny('a'), deny('b')], 'deny'],
  ])('%s', (_, policies, expected) => {
    const found = answer([...objects, ...policies])
    expect(found.verdict).toBe(expected)
    expect(found.hops.map(({ name }) => name)).toEqual(['shop/a', 'shop/b'])
  })

  it('are no matter where the waypoint refuses or cannot tell', () => {
    const behind = [...SHOP, pod('more', { app: 'api' })]
    const refused = policy('no', { ...toService('api'), action: 'DENY', rules: [{}] })
    const asks = policy('ask', {
      ...toService('api'),
      action: 'CUSTOM',
      provider: { name: 'opa' },
      rules: [{}],
    })
    expect(hops([...behind, refused])).toHaveLength(1)
    expect(answer([...behind, asks])).toMatchObject({
      verdict: 'undecided',
      hops: [
        { verdict: 'undecided', reason: 'the external authorizer "opa" decides' },
        { verdict: 'allow' },
        { verdict: 'allow' },
      ],
    })
    expect(
      verdict([...behind, asks, policy('none', { selector: { matchLabels: { app: 'api' } } })]),
    ).toBe('deny')
  })
})

describe('headless Services', () => {
  const headless = { clusterIP: 'None', ports: [{ name: 'http', port: 80, targetPort: 8080 }] }
  const own = gateway('own', { given: { 'istio.io/waypoint-for': 'workload' } })
  const a = pod('a', { app: 'api', given: { 'istio.io/use-waypoint': 'own' } })

  it('have no chain of their own: each pod is dialled, on the Service port, through its own waypoint', () => {
    const deny = policy('no', { ...toService('api'), action: 'DENY', rules: [{}] })
    expect(
      hops([
        namespace('shop'),
        pod('web'),
        pod('api'),
        gateway('waypoint'),
        own,
        a,
        deny,
        service('api', { spec: headless }),
      ]),
    ).toEqual([
      'ztunnel shop/api as cluster.local/ns/shop/sa/web on 80: allow',
      'waypoint shop/own as cluster.local/ns/shop/sa/web on 80: allow',
      'ztunnel shop/a as cluster.local/ns/shop/sa/own on 80: allow',
    ])
  })

  it("are undecided where one pod's waypoint refuses", () => {
    const deny = policy('no', {
      targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'own' }],
      action: 'DENY',
      rules: [{}],
    })
    const objects = [
      namespace('shop'),
      pod('web'),
      pod('api'),
      own,
      a,
      deny,
      service('api', { given: {}, spec: headless }),
    ]
    expect(verdict(objects)).toBe('undecided')
    expect(
      verdict(
        objects.filter(
          (given) => !given.includes('"name":"api","namespace":"shop","labels":{"app":"api"}}'),
        ),
      ),
    ).toBe('deny')
  })

  it('are balanced by an ingress gateway itself, past every waypoint', () => {
    const from = { namespace: 'shop', serviceAccount: 'door-istio' }
    const objects = [
      namespace('shop', { ...AMBIENT, 'istio.io/ingress-use-waypoint': 'true' }),
      gateway('door', { className: 'istio' }),
      gateway('waypoint'),
      own,
      a,
      service('api', { spec: headless }),
    ]
    expect(hops(objects, { from })).toEqual([
      'ztunnel shop/a as cluster.local/ns/shop/sa/door-istio on 8080: allow',
    ])
  })
})

describe('the way through waypoints', () => {
  const ingress = { namespace: 'shop', serviceAccount: 'door-istio' }
  const points = (
    from: AccessRequest['from'],
    {
      given = USE,
      ns = AMBIENT,
      to = toApi,
      settings = {},
    }: { given?: Plain; ns?: Plain; to?: AccessRequest['to']; settings?: MeshSettings } = {},
  ): string =>
    answer(
      [
        namespace('shop', ns),
        pod('web'),
        pod('api'),
        gateway('waypoint'),
        gateway('door', { className: 'istio' }),
        service('api', { given }),
      ],
      { from, to },
      settings,
    )
      .hops.map(({ point }) => point)
      .join(' ')
  const BOTH = 'waypoint ztunnel'

  it.each<[string, string, string]>([
    ['an ambient client', points(web), BOTH],
    [
      'an ambient client of a pod',
      points(web, { to: { workload: 'shop/api', port: 8080 } }),
      'ztunnel',
    ],
    ['a Service without waypoint', points(web, { given: {} }), 'ztunnel'],
    ['a client outside', points({}), 'ztunnel'],
    ['an ingress gateway', points(ingress), 'ztunnel'],
    ...['1', 't', 'T', 'TRUE', 'true', 'True'].map((value): [string, string, string] => [
      `an ingress gateway with ${value}`,
      points(ingress, { given: { ...USE, 'istio.io/ingress-use-waypoint': value } }),
      BOTH,
    ]),
    ...['yes', '0', 'tRUE', '', 'on'].map((value): [string, string, string] => [
      `an ingress gateway with ${value}`,
      points(ingress, { given: { ...USE, 'istio.io/ingress-use-waypoint': value } }),
      'ztunnel',
    ]),
    [
      'an ingress gateway, by the Namespace',
      points(ingress, { ns: { ...AMBIENT, 'istio.io/ingress-use-waypoint': 'true' } }),
      BOTH,
    ],
    [
      'an ingress gateway, by a bad value before the Namespace',
      points(ingress, {
        ns: { ...AMBIENT, 'istio.io/ingress-use-waypoint': 'true' },
        given: { ...USE, 'istio.io/ingress-use-waypoint': 'yes' },
      }),
      'ztunnel',
    ],
    [
      'an ingress gateway where the flag is off',
      points(ingress, {
        given: { ...USE, 'istio.io/ingress-use-waypoint': 'true' },
        settings: { flags: { ENABLE_INGRESS_WAYPOINT_ROUTING: false } },
      }),
      'ztunnel',
    ],
    [
      'an ingress gateway that dials a pod',
      points(ingress, {
        given: { ...USE, 'istio.io/ingress-use-waypoint': 'true' },
        to: { workload: 'shop/api', port: 8080 },
      }),
      'ztunnel',
    ],
  ])('%s', (_, found, expected) => {
    expect(found).toBe(expected)
  })

  it('leads to pods where the waypoint is for workloads, under other policies', () => {
    const objects = [
      namespace('shop', { ...AMBIENT, ...USE }),
      pod('web'),
      pod('api'),
      service('api', { given: {} }),
      gateway('waypoint', { given: { 'istio.io/waypoint-for': 'all' } }),
    ]
    const to = { workload: 'shop/api', port: 8080 }
    const deny = (spec: Plain): string =>
      policy('no', {
        ...spec,
        action: 'DENY',
        rules: [{ to: [{ operation: { methods: ['GET'] } }] }],
      })
    expect(hops(objects, { to })).toEqual([
      'waypoint shop/waypoint as cluster.local/ns/shop/sa/web on 8080: allow',
      'ztunnel shop/api as cluster.local/ns/shop/sa/waypoint on 8080: allow',
    ])
    expect(verdict([...objects, deny(toService('api'))], { to })).toBe('allow')
    expect(verdict([...objects, deny(toService('api'))])).toBe('deny')
    const atGateway = deny({
      targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'waypoint' }],
    })
    expect(verdict([...objects, atGateway], { to })).toBe('deny')
    expect(
      hops([...objects, atGateway], { from: { namespace: 'shop', serviceAccount: 'car' }, to }),
    ).toHaveLength(1)
  })

  it("hides the client's address, which is undecided only where an address would change the verdict", () => {
    const allow = (...blocks: string[]): string[] => [
      ...SHOP,
      policy('p', { rules: [{ from: [{ source: { ipBlocks: blocks } }] }] }),
    ]
    expect(answer(allow('10.0.0.0/8'))).toMatchObject({
      verdict: 'undecided',
      hops: [
        {},
        {
          point: 'ztunnel',
          verdict: 'undecided',
          reason: 'it depends on an address that the request does not say',
          policy: null,
          rule: null,
          place: undefined,
          evidence: [],
        },
      ],
    })
    expect(verdict(allow('0.0.0.0/0', '::/0'))).toBe('allow')
    expect(verdict(allow('0.0.0.0/1', '128.0.0.0/1'))).toBe('allow')
    expect(verdict(allow('0.0.0.0/1', '128.0.0.0/2'))).toBe('undecided')
    expect(verdict(allow('fd00::/8'))).toBe('undecided')
    expect(verdict(allow('128.0.0.0/1'))).toBe('undecided')
    expect(
      verdict([
        ...SHOP,
        policy('p', {
          action: 'DENY',
          rules: [{ from: [{ source: { notIpBlocks: ['10.0.0.0/8'] } }] }],
        }),
      ]),
    ).toBe('undecided')
    expect(
      verdict([
        ...SHOP,
        policy('p', {
          action: 'DENY',
          rules: [
            { ...fromAccounts('nobody'), when: [{ key: 'source.ip', values: ['10.0.0.0/8'] }] },
          ],
        }),
      ]),
    ).toBe('allow')
    const direct = { to: { workload: 'shop/api', port: 8080 } }
    expect(verdict(allow('10.0.0.0/8'), direct)).toBe('allow')
    expect(verdict(allow('10.0.0.2/32'), direct)).toBe('deny')
    expect(verdict(allow('10.0.0.0/8'), { ...direct, from: { ...web, ip: undefined } })).toBe(
      'undecided',
    )
    expect(
      verdict(allow('10.0.0.1/32', '192.168.0.0/16'), {
        ...direct,
        from: { ...web, ip: '::ffff:10.0.0.1' },
      }),
    ).toBe('allow')
    expect(verdict(allow('10.0.0.0/8'), { ...direct, from: { ...web, ip: 'nonsense' } })).toBe(
      'deny',
    )
    expect(
      verdict(
        [
          ...SHOP,
          policy('p', { rules: [{ when: [{ key: 'destination.ip', values: ['10.0.0.0/8'] }] }] }),
        ],
        direct,
      ),
    ).toBe('undecided')
    expect(
      verdict(
        [
          ...SHOP,
          policy('p', {
            action: 'DENY',
            rules: [{ when: [{ key: 'destination.ip', notValues: ['10.0.0.0/8'] }] }],
          }),
        ],
        direct,
      ),
    ).toBe('undecided')
    expect(
      verdict([
        ...SHOP,
        policy('p', {
          action: 'DENY',
          rules: [{ from: [{ source: { ipBlocks: ['::ffff:10.0.0.0/104'] } }] }],
        }),
      ]),
    ).toBe('allow')
  })

  it('undecides what two canaries decide differently, and says so', () => {
    const canary = { ...USE, 'istio.io/use-waypoint-canary': 'next' }
    const objects = [
      namespace('shop'),
      pod('web'),
      pod('api'),
      gateway('waypoint'),
      gateway('next'),
      object(
        'Service',
        'api',
        'shop',
        {
          spec: { selector: { app: 'api' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
        },
        { labels: canary, annotations: { 'istio.io/use-waypoint-canary-weight': '50' } },
      ),
    ]
    const ready = ['the waypoint shop/waypoint is ready', 'the waypoint shop/next is ready']
    expect(answer(objects)).toMatchObject({
      verdict: 'allow',
      hops: [{ name: 'shop/waypoint' }, { name: 'shop/api' }],
      assumptions: ready,
    })
    const only = policy('only', { rules: [fromAccounts('next')] })
    expect(answer([...objects, only]).assumptions).toEqual([
      ...ready,
      'a share of the connections takes the canary waypoint, which answers otherwise',
    ])
    expect(answer([...objects, only])).toMatchObject({
      verdict: 'undecided',
      hops: [
        { name: 'shop/waypoint' },
        { verdict: 'deny' },
        { name: 'shop/next' },
        { verdict: 'allow' },
      ],
    })
    expect(hops([...objects, only], {}, { istioVersion: '1.30' })).toHaveLength(2)
  })
})

describe('sidecars', () => {
  const given = { 'sidecar.istio.io/inject': 'true' }
  const car = [namespace('shop'), pod('web'), pod('api', { given }), service('api', { given: {} })]
  const get = { to: [{ operation: { methods: ['GET'] } }] }
  const strict = object('PeerAuthentication', 'p', 'shop', { spec: { mtls: { mode: 'STRICT' } } })

  it("obey what has no targetRefs, with HTTP and with the client's address", () => {
    expect(
      told(
        answer([
          ...car,
          policy('p', { rules: [{ ...get, from: [{ source: { ipBlocks: ['10.0.0.1'] } }] }] }),
        ]),
      ),
    ).toMatchObject({
      verdict: 'allow',
      hops: [
        {
          point: 'sidecar',
          name: 'shop/api',
          identity: 'cluster.local/ns/shop/sa/web',
          port: 8080,
          reason: 'allow policy match',
          policy: 'shop/p',
          rule: 0,
          place: 'p spec.rules.0',
        },
      ],
    })
    expect(verdict([...car, policy('p', { ...toService('api') })])).toBe('allow')
    expect(verdict([...car, policy('p', { selector: { matchLabels: { app: 'other' } } })])).toBe(
      'allow',
    )
    expect(verdict([...car, policy('p', { selector: {} })])).toBe('deny')
    expect(verdict([...car, policy('p', {}, { in: 'istio-system' })])).toBe('deny')
    expect(verdict([...car, policy('p', {}, { in: 'other' })])).toBe('allow')
  })

  it('read a port as plain TCP where every Service says so', () => {
    const tcp = (...services: string[]): string =>
      verdict([...car.slice(0, 3), ...services, policy('p', { rules: [get] })], {
        to: { workload: 'shop/api', port: 8080 },
      })
    const named = (name: string, port: string, targetPort: unknown = 8080): string =>
      object('Service', name, 'shop', {
        spec: { selector: { app: 'api' }, ports: [{ name: port, port: 80, targetPort }] },
      })
    expect(tcp()).toBe('allow')
    expect(tcp(named('a', 'http'))).toBe('allow')
    expect(tcp(named('a', 'tcp'))).toBe('deny')
    expect(tcp(named('a', 'tcp', 'web'))).toBe('deny')
    expect(tcp(named('a', 'tcp', 9090))).toBe('allow')
    expect(tcp(named('a', 'tcp'), named('b', 'http'))).toBe('allow')
    expect(tcp(named('a', 'tcp'), named('b', 'tls'))).toBe('deny')
  })

  it('refuse plaintext where PeerAuthentication says STRICT', () => {
    expect(told(answer([...car, strict], { from: {} }))).toMatchObject({
      verdict: 'deny',
      hops: [
        {
          point: 'sidecar',
          identity: null,
          verdict: 'deny',
          reason: 'filter_chain_not_found',
          policy: null,
          rule: null,
          evidence: [],
        },
      ],
    })
    expect(answer([...car, strict, policy('p', {})], { from: {} })).toMatchObject({
      hops: [{ reason: 'filter_chain_not_found', evidence: [] }],
    })
    expect(verdict([...car, strict])).toBe('allow')
    expect(verdict(car, { from: {} })).toBe('allow')
    const except = object('PeerAuthentication', 'q', 'shop', {
      spec: {
        selector: { matchLabels: { app: 'api' } },
        portLevelMtls: { 8080: { mode: 'DISABLE' } },
      },
    })
    expect(verdict([...car, strict, except], { from: {} })).toBe('allow')
  })
})

describe('tokens', () => {
  const token = (issuers: string[], spec: Plain = toService('api')): string =>
    object('RequestAuthentication', issuers.join('-'), 'shop', {
      spec: { ...spec, jwtRules: issuers.map((issuer) => ({ issuer })) },
    })
  const needs = (requestPrincipals: string[], spec: Plain = toService('api')): string =>
    policy('p', { ...spec, rules: [{ from: [{ source: { requestPrincipals } }] }] })
  const admitted = (objects: readonly string[], http: AccessRequest['http']): string =>
    verdict([...SHOP, ...objects], { http })

  it('count where a RequestAuthentication verifies their issuer', () => {
    expect(admitted([needs(['*'])], { requestPrincipal: 'i/s' })).toBe('deny')
    expect(admitted([needs(['*']), token(['i'])], { requestPrincipal: 'i/s' })).toBe('allow')
    expect(admitted([needs(['*']), token(['x', 'i'])], { requestPrincipal: 'i/s' })).toBe('allow')
    expect(admitted([needs(['*']), token(['x']), token(['i'])], { requestPrincipal: 'i/s' })).toBe(
      'allow',
    )
    expect(admitted([needs(['*']), token(['x'])], { requestPrincipal: 'i/s' })).toBe('deny')
    expect(
      admitted([needs(['*']), token(['i'], toService('other'))], { requestPrincipal: 'i/s' }),
    ).toBe('deny')
    expect(admitted([needs(['*']), token(['i'], {})], { requestPrincipal: 'i/s' })).toBe('deny')
    expect(admitted([needs(['*']), token(['i'])], {})).toBe('deny')
  })

  it('are issuer and subject, split at the last slash, or claims', () => {
    const https = [token(['https://i'])]
    expect(admitted([needs(['https://i/s']), ...https], { requestPrincipal: 'https://i/s' })).toBe(
      'allow',
    )
    expect(admitted([needs(['https://i/t']), ...https], { requestPrincipal: 'https://i/s' })).toBe(
      'deny',
    )
    expect(admitted([needs(['/s']), token([''])], { requestPrincipal: '/s' })).toBe('allow')
    expect(admitted([needs(['*']), token(['nobody'])], { requestPrincipal: 'nobody' })).toBe('deny')
    expect(admitted([needs(['*']), token(['nobod'])], { requestPrincipal: 'nobody' })).toBe('deny')
    expect(
      admitted([needs(['i/c']), token(['i'])], {
        claims: { iss: 'i', sub: 'c' },
        requestPrincipal: 'i/s',
      }),
    ).toBe('allow')
    expect(admitted([needs(['*']), token(['i'])], { claims: { sub: 'c' } })).toBe('deny')
  })

  it('are verified by sidecars too', () => {
    const car = [
      namespace('shop'),
      pod('web'),
      pod('api', { given: { 'sidecar.istio.io/inject': 'true' } }),
      service('api', { given: {} }),
    ]
    expect(
      verdict([...car, needs(['*'], {}), token(['i'], {})], { http: { requestPrincipal: 'i/s' } }),
    ).toBe('allow')
    expect(
      verdict([...car, needs(['*'], {}), token(['i'])], { http: { requestPrincipal: 'i/s' } }),
    ).toBe('deny')
  })
})

it('takes GET of / without a host or headers where a request says no more', () => {
  const allows = (operation: Plain, extra: Plain = {}): string =>
    verdict(
      [...SHOP, policy('p', { ...toService('api'), rules: [{ to: [{ operation }], ...extra }] })],
      { http: {} },
    )
  expect(allows({ methods: ['GET'], paths: ['/'] })).toBe('allow')
  expect(allows({ methods: ['POST'] })).toBe('deny')
  expect(allows({ paths: ['/x'] })).toBe('deny')
  expect(allows({ hosts: ['*'] })).toBe('deny')
  expect(allows({ notHosts: ['*'] })).toBe('allow')
  expect(
    allows({ methods: ['GET'] }, { when: [{ key: 'request.headers[a]', values: ['*'] }] }),
  ).toBe('deny')
})

describe("what istiod's settings change", () => {
  const noRule = policy(
    'none',
    {
      targetRefs: [
        { group: 'gateway.networking.k8s.io', kind: 'GatewayClass', name: 'istio-waypoint' },
      ],
    },
    { in: 'istio-system' },
  )

  it('policies for the GatewayClass count since 1.25', () => {
    expect(verdict([...SHOP, noRule])).toBe('deny')
    expect(verdict([...SHOP, noRule], {}, { istioVersion: '1.25' })).toBe('deny')
    expect(verdict([...SHOP, noRule], {}, { istioVersion: '1.24' })).toBe('allow')
  })

  it('a waypoint is admitted, and nobody else, where istiod says so itself', () => {
    const settings = { flags: { PILOT_AUTO_ALLOW_WAYPOINT_POLICY: true } }
    expect(answer(SHOP, {}, settings)).toMatchObject({
      verdict: 'allow',
      hops: [
        {},
        {
          verdict: 'allow',
          reason: 'allow policy match',
          policy: 'shop/istio_allow_waypoint_shop_waypoint',
          rule: null,
          place: undefined,
        },
      ],
    })
    const direct = { to: { workload: 'shop/api', port: 8080 } }
    expect(answer(SHOP, direct, settings)).toMatchObject({
      verdict: 'deny',
      hops: [
        {
          reason: 'allow policies exist, but none allowed',
          evidence: ['shop/istio_allow_waypoint_shop_waypoint'],
        },
      ],
    })
    expect(verdict(SHOP, direct)).toBe('allow')
  })

  it('two external authorizers are refused unless a flag allows them', () => {
    const ask = (name: string): string =>
      policy(name, { ...toService('api'), action: 'CUSTOM', provider: { name }, rules: [{}] })
    expect(verdict([...SHOP, ask('a'), ask('b')])).toBe('deny')
    expect(
      verdict(
        [...SHOP, ask('a'), ask('b')],
        {},
        { flags: { PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS: true } },
      ),
    ).toBe('undecided')
  })

  it("a waypoint's CONNECT layer, where it is on, makes undecided what it would refuse", () => {
    const on = { flags: { ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES: true } }
    const REASON =
      'ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES is on, and what it does here is not known'
    const onWaypoint = (spec: Plain, where = 'shop'): string =>
      policy(
        'p',
        {
          ...spec,
          selector: { matchLabels: { 'gateway.networking.k8s.io/gateway-name': 'waypoint' } },
        },
        { in: where },
      )
    expect(answer([...SHOP, onWaypoint({})], {}, on)).toMatchObject({
      verdict: 'undecided',
      hops: [{ point: 'waypoint', verdict: 'undecided', reason: REASON, policy: null }, {}],
    })
    expect(answer([...SHOP, onWaypoint({ action: 'DENY', rules: [{}] })], {}, on)).toMatchObject({
      hops: [{ verdict: 'undecided', reason: REASON, policy: 'shop/p', rule: 0, evidence: [] }, {}],
    })
    expect(verdict([...SHOP, onWaypoint({})])).toBe('allow')
    expect(verdict([...SHOP, onWaypoint({})], {}, { ...on, istioVersion: '1.24' })).toBe('allow')
    expect(verdict([...SHOP, onWaypoint({})], {}, { ...on, istioVersion: '1.25' })).toBe(
      'undecided',
    )
    expect(verdict([...SHOP, onWaypoint({}, 'istio-system')], {}, on)).toBe('undecided')
    expect(verdict([...SHOP, onWaypoint({}, 'other')], {}, on)).toBe('allow')
    expect(verdict([...SHOP, onWaypoint({ rules: [fromAccounts('web')] })], {}, on)).toBe('allow')
    expect(
      verdict(
        [...SHOP, onWaypoint({ rules: [{ to: [{ operation: { methods: ['GET'] } }] }] })],
        {},
        on,
      ),
    ).toBe('undecided')
    expect(
      verdict([...SHOP, onWaypoint({ action: 'DENY', rules: [fromAccounts('web')] })], {}, on),
    ).toBe('undecided')
    const atGateway = (rules: Plain[]): string =>
      policy('g', {
        targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'waypoint' }],
        rules,
      })
    expect(
      verdict([...SHOP, atGateway([{ to: [{ operation: { methods: ['GET'] } }] }])], {}, on),
    ).toBe('undecided')
    expect(verdict([...SHOP, atGateway([{}])], {}, on)).toBe('allow')
    expect(answer([...SHOP, atGateway([])], {}, on)).toMatchObject({
      verdict: 'deny',
      hops: [{ verdict: 'deny', reason: 'rbac_access_denied_matched_policy[none]' }],
    })
    expect(verdict([...SHOP, policy('s', { ...toService('api'), rules: [{}] })], {}, on)).toBe(
      'allow',
    )
    const labelled = [
      ...SHOP.slice(0, 4),
      gateway('waypoint', { given: { tier: 'edge' } }),
      policy('p', { selector: { matchLabels: { tier: 'edge' } } }),
    ]
    expect(verdict(labelled, {}, on)).toBe('undecided')
    const infrastructure = [
      ...SHOP.slice(0, 4),
      object('Gateway', 'waypoint', 'shop', {
        spec: {
          gatewayClassName: 'istio-waypoint',
          infrastructure: { labels: { tier: 'edge' } },
          listeners: [],
        },
      }),
      policy('p', { selector: { matchLabels: { tier: 'edge' } } }),
    ]
    expect(verdict(infrastructure, {}, on)).toBe('undecided')
  })

  it('a captured pod of a namespace that istiod does not see gets no connection', () => {
    const selectors = object('Istio', 'default', undefined, {
      spec: { values: { meshConfig: { discoverySelectors: [{ matchLabels: { seen: 'yes' } }] } } },
    })
    expect(answer([...SHOP, selectors])).toMatchObject({
      verdict: 'deny',
      hops: [{ point: 'ztunnel', identity: 'cluster.local/ns/shop/sa/web' }],
    })
    expect(
      answer([...SHOP, selectors], { to: { workload: 'shop/api', port: 8080 } }),
    ).toMatchObject({
      verdict: 'deny',
      hops: [
        {
          point: 'ztunnel',
          verdict: 'deny',
          reason: 'timed out waiting for workload',
          policy: null,
        },
      ],
    })
    expect(
      verdict([namespace('shop', { ...AMBIENT, seen: 'yes' }), ...SHOP.slice(1), selectors]),
    ).toBe('allow')
    const root = [namespace('shop', { ...AMBIENT, seen: 'yes' }), ...SHOP.slice(1), selectors]
    expect(verdict([...root, namespace('istio-system', { seen: 'yes' }), noRule])).toBe('deny')
    expect(verdict([...root, namespace('istio-system', {}), noRule])).toBe('allow')
    const atSidecar = [
      namespace('shop', { seen: 'yes' }),
      pod('web'),
      pod('api', { given: { 'sidecar.istio.io/inject': 'true' } }),
      service('api', { given: {} }),
      selectors,
      policy('none', {}, { in: 'istio-system' }),
    ]
    expect(verdict([...atSidecar, namespace('istio-system', { seen: 'yes' })])).toBe('deny')
    expect(verdict([...atSidecar, namespace('istio-system', {})])).toBe('allow')
  })

  it('tokens are verified by what istiod sees', () => {
    const selectors = object('Istio', 'default', undefined, {
      spec: { values: { meshConfig: { discoverySelectors: [{ matchLabels: { seen: 'yes' } }] } } },
    })
    const objects = [
      namespace('shop', { ...AMBIENT, seen: 'yes' }),
      ...SHOP.slice(1),
      selectors,
      policy('p', {
        ...toService('api'),
        rules: [{ from: [{ source: { requestPrincipals: ['*'] } }] }],
      }),
      object('RequestAuthentication', 't', 'istio-system', {
        spec: {
          targetRefs: [
            { group: 'gateway.networking.k8s.io', kind: 'GatewayClass', name: 'istio-waypoint' },
          ],
          jwtRules: [{ issuer: 'i' }],
        },
      }),
    ]
    expect(
      verdict([...objects, namespace('istio-system', { seen: 'yes' })], {
        http: { requestPrincipal: 'i/s' },
      }),
    ).toBe('allow')
    expect(
      verdict([...objects, namespace('istio-system', {})], { http: { requestPrincipal: 'i/s' } }),
    ).toBe('deny')
  })

  it('what installs disagree on is said', () => {
    const install = (name: string, trustDomain: string): string =>
      object('Istio', name, undefined, { spec: { values: { meshConfig: { trustDomain } } } })
    expect(answer([...SHOP, install('a', 'x'), install('b', 'y')]).assumptions).toEqual([
      'the installs in these files disagree on trustDomain, and its default is taken',
      'the waypoint shop/waypoint is ready',
    ])
  })

  describe('several ways to read the files', () => {
    const several =
      'these files define what decides in several ways, and not all of them lead to one verdict'
    const DENY = policy('p', { action: 'DENY', rules: [{}] })
    const NOBODY = policy('p', { action: 'DENY' })

    it.each<[string, readonly string[], readonly string[]]>([
      ['a policy', [DENY], [NOBODY]],
      ['a Service', [service('api')], [service('api', { spec: { selector: { app: 'web' } } })]],
      ['a pod', [pod('api')], [pod('api', { given: { 'istio.io/dataplane-mode': 'none' } })]],
      ['a Namespace', [namespace('shop')], [namespace('shop', {})]],
    ])('%s that is defined in two', (what, one, other) => {
      const kinds = what === 'a policy' ? SHOP : SHOP.filter((text) => !one.includes(text))
      const strict =
        what === 'a policy'
          ? []
          : [
              policy('only-api', {
                selector: { matchLabels: { app: 'api' } },
                action: 'DENY',
                rules: [{}],
              }),
            ]
      expect(answer([...kinds, ...strict, ...one, ...one]).assumptions).not.toContain(several)
      const [first, second] = [
        verdict([...kinds, ...strict, ...one]),
        verdict([...kinds, ...strict, ...other]),
      ]
      expect(first).not.toBe(second)
      expect(answer([...kinds, ...strict, ...one, ...other])).toMatchObject({
        verdict: 'undecided',
        assumptions: expect.arrayContaining([several]) as unknown,
      })
    })

    it('that differ in what they refuse', () => {
      const allow = (account: string): string => policy('p', { rules: [fromAccounts(account)] })
      const objects = [namespace('shop'), pod('web'), pod('api'), service('api', { given: {} })]
      expect(answer([...objects, allow('web'), allow('dev')], { id: 'q' })).toMatchObject({
        id: 'q',
        verdict: 'undecided',
        hops: [{ name: 'shop/api' }],
        assumptions: [several],
      })
      expect(verdict([...objects, allow('ops'), allow('dev')])).toBe('deny')
    })

    it('of an object that the request does not meet is none', () => {
      expect(
        answer([
          ...SHOP,
          policy(
            'p',
            { selector: { matchLabels: { app: 'x' } }, action: 'DENY', rules: [{}] },
            { in: 'far' },
          ),
          policy('p', { rules: [] }, { in: 'far' }),
        ]).assumptions,
      ).not.toContain(several)
    })

    it('under installs that differ', () => {
      const install = (name: string, flag: string): string =>
        object('Istio', name, undefined, {
          spec: { values: { pilot: { env: { PILOT_AUTO_ALLOW_WAYPOINT_POLICY: flag } } } },
        })
      const objects = [
        ...SHOP,
        policy('p', { selector: { matchLabels: { app: 'api' } }, rules: [fromAccounts('web')] }),
      ]
      expect([
        verdict([...objects, install('a', 'true')]),
        verdict([...objects, install('a', 'false')]),
      ]).toEqual(['allow', 'deny'])
      // Their words differ, so the default is in force where nobody asks; what they mean does not.
      expect(verdict([...objects, install('a', 'true'), install('b', '1')])).toBe('allow')
      expect(answer([...objects, install('a', 'true'), install('b', 'false')])).toMatchObject({
        verdict: 'undecided',
        assumptions: [
          'the installs in these files disagree on PILOT_AUTO_ALLOW_WAYPOINT_POLICY, and its default is taken',
          'the waypoint shop/waypoint is ready',
          several,
        ],
      })
    })
  })

  it('a pod whose mode is filled in is taken as captured', () => {
    const open = pod('open', { app: 'api', given: { 'istio.io/dataplane-mode': '${MODE}' } })
    const objects = [namespace('shop'), pod('web'), open, pod('api'), service('api', { given: {} })]
    expect(answer(objects)).toMatchObject({
      verdict: 'allow',
      assumptions: ['shop/open is captured by ztunnel'],
      hops: [{ name: 'shop/open', point: 'ztunnel' }, { name: 'shop/api' }],
    })
    expect(verdict([...objects, policy('none', {})])).toBe('deny')
    expect(
      answer([
        namespace('shop', {}),
        pod('web'),
        pod('api'),
        service('api', { given: {} }),
        policy('none', {}),
      ]),
    ).toMatchObject({ verdict: 'allow', hops: [] })
  })
})
