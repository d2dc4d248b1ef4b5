import { describe, expect, it } from 'vitest'
import { object, serviceEntry, type Fields } from '../testing/index.js'
import {
  AMBIENT,
  answer,
  gateway,
  hops,
  namespace,
  pod,
  policy,
  service,
  SHOP,
  targetRef,
  toOperation,
  toService,
  verdict,
} from '../testing/shopMesh.js'
import type { AccessAnswer, AccessRequest } from './request.js'

describe('destinations', () => {
  const missing = (to: AccessRequest['to'], objects: readonly string[] = SHOP): AccessAnswer =>
    answer(objects, { id: 'q', to })
  const entry = (name: string, hosts: string[], spec: Fields = {}): string =>
    serviceEntry(`shop/${name}`, {
      hosts,
      waypoint: 'waypoint',
      spec: {
        resolution: hosts.some((host) => host.startsWith('*')) ? 'DYNAMIC_DNS' : 'DNS',
        ...spec,
      },
    })

  it.each<[AccessRequest['to'], string]>([
    [{ service: 'shop/gone', port: 80 }, 'Service shop/gone'],
    [{ service: 'shop/api', port: 81 }, 'TCP port 81 of Service shop/api'],
    [{ service: 'api', port: 80 }, 'Service api'],
    [{ service: 'aa', port: 80 }, 'Service aa'],
    [{ workload: 'shop/gone', port: 80 }, 'workload shop/gone'],
    [{ workload: 'other/api', port: 80 }, 'workload other/api'],
    [{ host: 'a.example', port: 81 }, 'TCP port 81 of ServiceEntry shop/out'],
  ])('a request to %j is undecided, because the files have no such destination', (to, what) => {
    expect(
      missing(to, [
        ...SHOP,
        entry('out', ['a.example']),
        object('Service', 'a/aa', { spec: { ports: [{ port: 80 }] } }),
      ]),
    ).toEqual({
      id: 'q',
      verdict: 'undecided',
      hops: [],
      assumptions: [`there is no ${what} in these files`],
    })
  })

  it('a destination port is a TCP port, also where UDP has the same number', () => {
    const dns = (ports: Fields[]): readonly string[] => [
      ...SHOP,
      pod('dns'),
      service('dns', { labels: {}, spec: { ports } }),
    ]
    const to = { service: 'shop/dns', port: 53 }
    const udp = { name: 'udp', port: 53, protocol: 'UDP', targetPort: 5353 }
    expect(hops(dns([udp, { name: 'tcp', port: 53, targetPort: 8053 }]), { to })).toEqual([
      'ztunnel shop/dns as cluster.local/ns/shop/sa/web on 8053: allow',
    ])
    expect(missing(to, dns([udp])).assumptions).toEqual([
      'there is no TCP port 53 of Service shop/dns in these files',
    ])
    const entries = [
      ...SHOP,
      entry('out', ['a.example'], { ports: [{ number: 53, protocol: 'UDP', name: 'udp' }] }),
    ]
    expect(missing({ host: 'a.example', port: 53 }, entries).assumptions).toEqual([
      'there is no TCP port 53 of ServiceEntry shop/out in these files',
    ])
  })

  it('a host is the one of a ServiceEntry, else of the longest wildcard', () => {
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
          ...targetRef('ServiceEntry', name),
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
    expect(missing({ host: 'xb.example.org', port: 80 }, entries).verdict).toBe('allow')
  })

  it('a ServiceEntry leads to the workloads that it selects, on their ports', () => {
    const selecting = entry('out', ['a.example'], {
      workloadSelector: { labels: { app: 'api' } },
      ports: [{ number: 80, protocol: 'TCP', name: 'tcp', targetPort: 8443 }],
    })
    const vm = object('WorkloadEntry', 'shop/vm', {
      spec: { address: '10.0.0.9', labels: { app: 'api' }, serviceAccount: 'vm' },
    })
    expect(hops([...SHOP, selecting, vm], { to: { host: 'a.example', port: 80 } })).toEqual([
      'waypoint shop/waypoint as cluster.local/ns/shop/sa/web on 80: allow',
      'ztunnel shop/api as cluster.local/ns/shop/sa/waypoint on 8443: allow',
    ])
    const tcp = policy('p', {
      ...targetRef('ServiceEntry', 'out'),
      rules: [toOperation({ methods: ['GET'] })],
    })
    expect(verdict([...SHOP, selecting, tcp], { to: { host: 'a.example', port: 80 } })).toBe('deny')
    expect(
      verdict([...SHOP, entry('out', ['a.example']), tcp], { to: { host: 'a.example', port: 80 } }),
    ).toBe('allow')
  })

  it('a Service leads to the pods that have not ended, on its target port', () => {
    const ended = object('Job', 'shop/unrelated')
    const failed = (name: string): string =>
      object('Pod', `shop/${name}`, {
        labels: { app: 'api' },
        rest: { status: { phase: 'Failed' } },
      })
    expect(
      verdict([
        namespace('shop'),
        pod('web'),
        pod('api'),
        failed('gone'),
        service('api', { labels: {} }),
        policy('none', {}),
      ]),
    ).toBe('deny')
    const named = service('api', {
      labels: {},
      spec: { ports: [{ name: 'http', port: 80, targetPort: 'web' }] },
    })
    const nameless = pod('nameless', { app: 'api', spec: { containers: [{ name: 'a' }] } })
    expect(
      hops([
        namespace('shop'),
        pod('api'),
        ended,
        failed('gone'),
        named,
        nameless,
        policy('none', {}),
      ]),
    ).toEqual(['ztunnel shop/api as cluster.local/ns/shop/sa/web on 8080: deny'])
    const deny = policy('none', { selector: { matchLabels: { app: 'api' } } })
    const onlyVm = object('WorkloadEntry', 'shop/vm', {
      spec: { address: '10.0.0.9', labels: { app: 'api' } },
    })
    expect(
      verdict([namespace('shop'), pod('api'), onlyVm, service('api', { labels: {} }), deny]),
    ).toBe('undecided')
  })
})

describe('several backends', () => {
  const objects = [
    namespace('shop'),
    pod('web'),
    pod('a', { app: 'api', labels: { part: 'a' } }),
    pod('b', { app: 'api', labels: { part: 'b' } }),
    service('api', { labels: {} }),
  ]
  const deny = (part: string): string =>
    policy(`not-${part}`, { selector: { matchLabels: { part } }, action: 'DENY', rules: [{}] })

  it.each<[string, string[], string]>([
    ['allowed by all', [], 'allow'],
    ['denied by one', [deny('a')], 'undecided'],
    ['denied by all', [deny('a'), deny('b')], 'deny'],
  ])(
    'a request to several pods that is %s of them gets the verdict of all',
    (_, policies, expected) => {
      const found = answer([...objects, ...policies])
      expect(found.verdict).toBe(expected)
      expect(found.hops.map(({ name }) => name)).toEqual(['shop/a', 'shop/b'])
    },
  )

  it('the verdict of a waypoint that denies or is undecided counts before its pods', () => {
    const behind = [...SHOP, pod('more', { app: 'api' })]
    const denied = policy('no', { ...toService('api'), action: 'DENY', rules: [{}] })
    const asks = policy('ask', {
      ...toService('api'),
      action: 'CUSTOM',
      provider: { name: 'opa' },
      rules: [{}],
    })
    expect(hops([...behind, denied])).toHaveLength(1)
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
  const own = gateway('own', { labels: { 'istio.io/waypoint-for': 'workload' } })
  const a = pod('a', { app: 'api', labels: { 'istio.io/use-waypoint': 'own' } })

  it('a headless Service leads to each pod, on the Service port, through the waypoint of the pod', () => {
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

  it('a headless Service is undecided where the waypoint of one pod denies', () => {
    const deny = policy('no', {
      ...targetRef('Gateway', 'own'),
      action: 'DENY',
      rules: [{}],
    })
    const onePod = [
      namespace('shop'),
      pod('web'),
      own,
      a,
      deny,
      service('api', { labels: {}, spec: headless }),
    ]
    expect(verdict([...onePod, pod('api')])).toBe('undecided')
    expect(verdict(onePod)).toBe('deny')
  })

  it('an ingress gateway bypasses every waypoint to the pods of a headless Service', () => {
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
