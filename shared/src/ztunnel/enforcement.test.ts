import { describe, expect, it } from 'vitest'
import { keys } from '../inventory/indexKeys.js'
import type { Mesh } from '../mesh/mesh.js'
import type { MeshSettings } from '../mesh/meshSettings.js'
import { analyse } from '../testing/index.js'
import { dumpServices, dumpWorkloads } from './configDump.js'
import {
  conversionOf,
  isCaptured,
  peerAuthenticationOf,
  policiesInForce,
  policyKeysOf,
  sentPolicies,
} from './enforcement.js'

type Plain = Readonly<Record<string, unknown>>

const API: Readonly<Record<string, string>> = {
  Gateway: 'gateway.networking.k8s.io/v1',
  AuthorizationPolicy: 'security.istio.io/v1',
  PeerAuthentication: 'security.istio.io/v1',
  ServiceEntry: 'networking.istio.io/v1',
  WorkloadEntry: 'networking.istio.io/v1',
  Istio: 'sailoperator.io/v1',
}
const object = (kind: string, at: string, spec: Plain = {}, metadata: Plain = {}): string => {
  const [namespace = '', name] = at.includes('/') ? at.split('/') : [undefined, at]
  return JSON.stringify({
    apiVersion: API[kind] ?? 'v1',
    kind,
    metadata: { name, ...(namespace === '' ? {} : { namespace }), ...metadata },
    spec,
  })
}
const labels = (given: Plain): Plain => ({ labels: given })
const namespace = (name: string, given: Plain = {}): string =>
  object('Namespace', name, {}, labels({ 'istio.io/dataplane-mode': 'ambient', ...given }))
const pod = (at: string, given: Plain = { app: 'api' }): string =>
  object('Pod', at, { serviceAccountName: 'api' }, labels(given))
const gateway = (
  at: string,
  { className = 'istio-waypoint', given = {} }: { className?: string; given?: Plain } = {},
): string =>
  object(
    'Gateway',
    at,
    {
      gatewayClassName: className,
      listeners: [
        {
          name: 'mesh',
          port: 15008,
          protocol: 'HBONE',
          allowedRoutes: { namespaces: { from: 'All' } },
        },
      ],
    },
    labels(given),
  )
const use = (name: string, where?: string): Plain => ({
  'istio.io/use-waypoint': name,
  ...(where === undefined ? {} : { 'istio.io/use-waypoint-namespace': where }),
})
const service = (at: string, given: Plain, spec: Plain = {}): string =>
  object('Service', at, { selector: { app: 'api' }, ports: [{ port: 80 }], ...spec }, labels(given))
const policy = (at: string, spec: Plain, metadata: Plain = {}): string =>
  object('AuthorizationPolicy', at, spec, metadata)
const peer = (at: string, spec: Plain): string => object('PeerAuthentication', at, spec)
const selector = (given: Plain): Plain => ({ selector: { matchLabels: given } })

const meshOf = (objects: readonly string[], settings: MeshSettings = {}): Mesh =>
  analyse(objects.join('\n---\n'), { world: 'closed', settings }).mesh
const first = (mesh: Mesh) => mesh.workloadsAt(keys.workloads('shop'))[0]!
const namesInForce = (objects: readonly string[], settings: MeshSettings = {}): string[] => {
  const mesh = meshOf(objects, settings)
  return mesh
    .get(policiesInForce, first(mesh))
    .map(
      ({ authorization: { namespace: where, name }, policy: written }) =>
        `${where}/${name}${written ? '' : ' (made)'}`,
    )
}
const keysOf = (objects: readonly string[], settings: MeshSettings = {}): readonly string[] => {
  const mesh = meshOf(objects, settings)
  return mesh.get(policyKeysOf, first(mesh))
}
const sent = (objects: readonly string[], settings: MeshSettings = {}): string[] =>
  meshOf(objects, settings)
    .get(sentPolicies, '')
    .map(({ namespace: where, name }) => `${where}/${name}`)

describe('policies in force', () => {
  const base = [namespace('shop'), pod('shop/api')]
  const strict = { mtls: { mode: 'STRICT' } }

  it('are those of the namespace, of the root, and by selector, then those that istiod makes', () => {
    const objects = [
      ...base,
      policy('shop/wide', {}),
      policy('istio-system/mesh', {}),
      policy('shop/mine', selector({ app: 'api' })),
      policy('istio-system/mine', selector({ app: 'api' })),
      policy('shop/other', selector({ app: 'web' })),
      policy('dev/wide', {}),
      policy('shop/empty', { selector: {} }),
      policy('shop/target', { targetRefs: [{ kind: 'Service', group: '', name: 'api' }] }),
      policy('shop/audit', { action: 'AUDIT', rules: [{}] }),
      policy('shop/ask', { action: 'CUSTOM', provider: { name: 'opa' }, rules: [{}] }),
      policy('shop/dry', {}, { annotations: { 'istio.io/dry-run': 'true' } }),
      peer('shop/strict', strict),
    ]
    expect(namesInForce(objects).sort()).toEqual([
      'istio-system/istio_converted_static_strict (made)',
      'istio-system/mesh',
      'istio-system/mine',
      'shop/mine',
      'shop/wide',
    ])
    expect(keysOf(objects)).toEqual([
      'istio-system/mine',
      'shop/mine',
      'istio-system/istio_converted_static_strict',
    ])
    expect(sent(objects)).toEqual([
      'dev/wide',
      'istio-system/istio_converted_static_strict',
      'istio-system/mesh',
      'istio-system/mine',
      'shop/empty',
      'shop/mine',
      'shop/other',
      'shop/wide',
    ])
  })

  it('are every selector policy for a pod without labels', () => {
    const bare = [
      namespace('shop'),
      object('Pod', 'shop/bare'),
      policy('shop/b', selector({ app: 'x' })),
      policy('shop/a', { selector: {} }),
      policy('dev/c', selector({ app: 'x' })),
      policy('istio-system/d', selector({ app: 'x' })),
    ]
    expect(namesInForce(bare).sort()).toEqual(['istio-system/d', 'shop/a', 'shop/b'])
    expect(keysOf(bare)).toEqual(['istio-system/d', 'shop/a', 'shop/b'])
  })

  it('are named by keys only where they are sent', () => {
    expect(
      keysOf([
        ...base,
        policy('shop/audit', { ...selector({ app: 'api' }), action: 'AUDIT' }),
        policy('shop/deny', { ...selector({ app: 'api' }), action: 'DENY' }),
      ]),
    ).toEqual(['shop/deny'])
  })

  it('are made of a PeerAuthentication by what its own namespace and the root say', () => {
    const ports = { ...selector({ app: 'api' }), portLevelMtls: { 8080: { mode: 'PERMISSIVE' } } }
    const made = (...peers: string[]): boolean =>
      sent([...base, peer('shop/ports', ports), ...peers]).includes(
        'shop/converted_peer_authentication_ports',
      )
    expect(made()).toBe(false)
    expect(made(peer('shop/ns', strict))).toBe(true)
    expect(made(peer('istio-system/mesh', strict))).toBe(true)
    expect(made(peer('dev/ns', strict))).toBe(false)
    expect(made(peer('istio-system/selecting', { ...strict, selector: {} }))).toBe(false)
    expect(made(peer('shop/ns', { mtls: { mode: 'PERMISSIVE' } }), peer('dev/a', strict))).toBe(
      false,
    )
  })

  it('are those of the root once, for workloads of the root', () => {
    const mesh = meshOf([pod('istio-system/api'), policy('istio-system/p', {})])
    expect(
      mesh.get(policiesInForce, mesh.workloadsAt(keys.workloads('istio-system'))[0]!),
    ).toHaveLength(1)
  })

  it('follow the root namespace', () => {
    expect(
      namesInForce(
        [...base, policy('istio-system/p', {}), policy('mesh/q', {}), peer('mesh/strict', strict)],
        { rootNamespace: 'mesh' },
      ),
    ).toEqual(['mesh/q', 'mesh/istio_converted_static_strict (made)'])
  })

  it('leave out what istiod does not see', () => {
    const selectors = object('Istio', 'default', {
      values: { meshConfig: { discoverySelectors: [{ matchLabels: { seen: 'yes' } }] } },
    })
    const objects = [
      namespace('istio-system'),
      policy('istio-system/p', {}),
      peer('istio-system/strict', strict),
      policy('shop/q', {}),
      pod('shop/api'),
      selectors,
    ]
    expect(namesInForce([...objects, namespace('shop', { seen: 'yes' })])).toEqual(['shop/q'])
    expect(sent([...objects, namespace('shop', { seen: 'yes' })])).toEqual(['shop/q'])
    expect(namesInForce([...objects, namespace('shop')])).toEqual([])
    expect(sent([...objects, namespace('shop')])).toEqual([])
    const unseenRoot = meshOf([
      namespace('istio-system'),
      pod('istio-system/api'),
      policy('istio-system/p', {}),
      peer('istio-system/strict', strict),
      selectors,
    ])
    expect(
      unseenRoot.get(policiesInForce, unseenRoot.workloadsAt(keys.workloads('istio-system'))[0]!),
    ).toEqual([])
  })

  it('are named by keys of PeerAuthentications too, even where nothing is sent under them', () => {
    const ports = { ...selector({ app: 'api' }), portLevelMtls: { 8080: { mode: 'PERMISSIVE' } } }
    const objects = [
      ...base,
      peer('istio-system/mesh', strict),
      peer('shop/ns', { mtls: { mode: 'UNSET' } }),
      peer('shop/ports', ports),
    ]
    expect(keysOf(objects)).toEqual(['shop/converted_peer_authentication_ports'])
    expect(namesInForce(objects)).toEqual([])
    expect(sent(objects)).toEqual(['istio-system/istio_converted_static_strict'])
    const converted = [...base, peer('istio-system/mesh', strict), peer('shop/ports', ports)]
    expect(namesInForce(converted)).toEqual(['shop/converted_peer_authentication_ports (made)'])
    expect(sent(converted)).toEqual([
      'istio-system/istio_converted_static_strict',
      'shop/converted_peer_authentication_ports',
    ])
  })
})

describe('dry-run policies are sent', () => {
  const dry = [
    namespace('shop'),
    pod('shop/api'),
    policy('shop/dry', {}, { annotations: { 'istio.io/dry-run': 'true' } }),
  ]
  const flags = { AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY: true }

  it.each<[string, MeshSettings, string[]]>([
    ['not by default', {}, []],
    ['with the flag', { flags }, ['shop/dry']],
    ['with the flag in 1.29', { flags, istioVersion: '1.29' }, ['shop/dry']],
    ['not in 1.28', { flags, istioVersion: '1.28' }, []],
  ])('%s', (_, settings, expected) => {
    expect(namesInForce(dry, settings)).toEqual(expected)
    expect(sent(dry, settings)).toEqual(expected)
  })

  it('marked as such', () => {
    const mesh = meshOf(dry, { flags })
    expect(
      mesh.get(conversionOf, mesh.named('AuthorizationPolicy', 'shop', 'dry')!).authorization,
    ).toMatchObject({ dryRun: true })
  })
})

describe('several PeerAuthentications of one level', () => {
  it('count by name, whatever their order', () => {
    const strictFirst = (...order: string[]): boolean => {
      const mesh = meshOf([namespace('shop'), pod('shop/api'), ...order])
      return mesh.get(peerAuthenticationOf, first(mesh)).policies.length > 0
    }
    const a = peer('shop/a', { mtls: { mode: 'STRICT' } })
    const b = peer('shop/b', { mtls: { mode: 'PERMISSIVE' } })
    expect([strictFirst(a, b), strictFirst(b, a)]).toEqual([true, true])
  })
})

describe('with PILOT_AUTO_ALLOW_WAYPOINT_POLICY', () => {
  const settings = { flags: { PILOT_AUTO_ALLOW_WAYPOINT_POLICY: true } }
  const base = [namespace('shop'), pod('shop/api'), gateway('shop/waypoint')]

  it("the waypoint of each Service, and then the workload's own, is admitted once", () => {
    const objects = [
      namespace('shop', use('all')),
      pod('shop/api'),
      gateway('shop/all', { given: { 'istio.io/waypoint-for': 'all' } }),
      gateway('infra/edge'),
      gateway('shop/entry'),
      service('shop/one', use('edge', 'infra')),
      service('shop/two', use('edge', 'infra')),
      service('shop/three', {}),
      service('shop/four', use('none')),
      service('shop/five', use('gone')),
      gateway('shop/unused'),
      object(
        'ServiceEntry',
        'shop/unrelated',
        { hosts: ['c.example'], workloadSelector: { labels: { app: 'web' } } },
        labels(use('unused')),
      ),
      object(
        'ServiceEntry',
        'shop/out',
        { hosts: ['a.example'], workloadSelector: { labels: { app: 'api' } } },
        labels(use('entry')),
      ),
      object(
        'ServiceEntry',
        'shop/elsewhere',
        { hosts: ['b.example'], workloadSelector: { labels: { app: 'web' } } },
        labels(use('edge', 'infra')),
      ),
    ]
    const allowed = [
      'infra/istio_allow_waypoint_infra_edge',
      'shop/istio_allow_waypoint_shop_all',
      'shop/istio_allow_waypoint_shop_entry',
    ]
    expect([...keysOf(objects, settings)].sort()).toEqual(allowed)
    expect(namesInForce(objects, settings).sort()).toEqual(allowed.map((name) => `${name} (made)`))
    expect(keysOf(objects)).toEqual([])
    expect(
      keysOf(
        [
          namespace('shop', use('all')),
          pod('shop/api'),
          gateway('shop/all', { given: { 'istio.io/waypoint-for': 'all' } }),
        ],
        settings,
      ),
    ).toEqual(['shop/istio_allow_waypoint_shop_all'])
    expect(
      keysOf(
        [
          namespace('shop', use('all')),
          pod('shop/api'),
          gateway('shop/all', { given: { 'istio.io/waypoint-for': 'workload' } }),
        ],
        settings,
      ),
    ).toEqual(['shop/istio_allow_waypoint_shop_all'])
    expect(sent(objects, settings)).toEqual([...allowed, 'shop/istio_allow_waypoint_shop_unused'])
    expect(sent(objects)).toEqual([])
  })

  it("the policy says the waypoint's service account", () => {
    const mesh = meshOf([...base, service('shop/api', use('waypoint'))], {
      ...settings,
      trustDomain: 'corp',
    })
    expect(
      mesh.get(policiesInForce, first(mesh)).map(({ authorization }) => authorization),
    ).toEqual([
      {
        name: 'istio_allow_waypoint_shop_waypoint',
        namespace: 'shop',
        scope: 'WorkloadSelector',
        action: 'Allow',
        dryRun: false,
        rules: [[[{ principals: [{ Exact: 'corp/ns/shop/sa/waypoint' }] }]]],
      },
    ])
  })

  it('comes after the other keys', () => {
    const objects = [
      ...base,
      service('shop/api', use('waypoint')),
      policy('shop/z', selector({ app: 'api' })),
      peer('shop/strict', { mtls: { mode: 'STRICT' } }),
    ]
    expect(keysOf(objects, settings)).toEqual([
      'shop/z',
      'istio-system/istio_converted_static_strict',
      'shop/istio_allow_waypoint_shop_waypoint',
    ])
  })

  it('nobody is admitted before a workload that has no waypoint', () => {
    expect(keysOf([...base, service('shop/api', {})], settings)).toEqual([])
  })

  it('istiod sends it for Gateways that it deploys and sees', () => {
    const selectors = object('Istio', 'default', {
      values: { meshConfig: { discoverySelectors: [{ matchLabels: { seen: 'yes' } }] } },
    })
    const objects = [
      gateway('shop/waypoint'),
      gateway('shop/door', { className: 'istio' }),
      gateway('shop/far', { className: 'istio-remote' }),
      gateway('shop/nginx', { className: 'nginx' }),
    ]
    expect(sent([namespace('shop'), ...objects], settings)).toEqual([
      'shop/istio_allow_waypoint_shop_door',
      'shop/istio_allow_waypoint_shop_waypoint',
    ])
    expect(sent([namespace('shop'), ...objects, selectors], settings)).toEqual([])
  })
})

it('captures pods in ambient mode alone', () => {
  const captured = (given: Plain): boolean => {
    const mesh = meshOf([namespace('shop'), pod('shop/api', given)])
    return mesh.get(isCaptured, first(mesh))
  }
  expect([
    captured({ app: 'a' }),
    captured({ 'istio.io/dataplane-mode': 'none' }),
    captured({ 'sidecar.istio.io/inject': 'true' }),
  ]).toEqual([true, false, false])
})

describe('the dump', () => {
  it('of workloads tells account, protocol, waypoint and policies, sorted', () => {
    const objects = [
      namespace('shop', use('waypoint')),
      gateway('shop/waypoint', { given: { 'istio.io/waypoint-for': 'all' } }),
      policy('shop/p', selector({ app: 'web' })),
      pod('shop/web', { app: 'web' }),
      pod('shop/car', { 'sidecar.istio.io/inject': 'true' }),
      pod('shop/out', { 'istio.io/dataplane-mode': 'none', 'istio.io/use-waypoint': 'none' }),
      pod('dev/web', { app: 'web' }),
      object('WorkloadEntry', 'shop/vm', {
        serviceAccount: 'vm',
        labels: { 'networking.istio.io/tunnel': 'grpc,http' },
      }),
      object('WorkloadEntry', 'shop/plain', { labels: { 'networking.istio.io/tunnel': 'grpc' } }),
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'done', namespace: 'shop' },
        status: { phase: 'Succeeded' },
      }),
    ]
    const at = (name: string, rest: Plain): Plain => ({
      name,
      namespace: 'shop',
      serviceAccount: 'api',
      protocol: 'HBONE',
      waypoint: 'shop/waypoint',
      authorizationPolicies: [],
      ...rest,
    })
    expect(dumpWorkloads(meshOf(objects))).toEqual([
      { ...at('web', {}), namespace: 'dev', protocol: 'TCP', waypoint: null },
      at('car', {}),
      at('out', { protocol: 'TCP', waypoint: null }),
      at('plain', { serviceAccount: 'default', protocol: 'TCP' }),
      at('vm', { serviceAccount: 'vm' }),
      at('web', { authorizationPolicies: ['shop/p'] }),
    ])
  })

  it('of services has a line for each host, without ExternalName', () => {
    const objects = [
      namespace('shop'),
      gateway('shop/waypoint'),
      service('shop/b', use('waypoint')),
      service('shop/a', {}),
      service('dev/c', {}),
      service('shop/ext', {}, { type: 'ExternalName' }),
      object(
        'ServiceEntry',
        'shop/out',
        { hosts: ['x.example', 'y.example'] },
        labels(use('waypoint')),
      ),
    ]
    expect(dumpServices(meshOf(objects))).toEqual([
      { name: 'c', namespace: 'dev', hostname: 'c.dev.svc.cluster.local', waypoint: null },
      { name: 'a', namespace: 'shop', hostname: 'a.shop.svc.cluster.local', waypoint: null },
      {
        name: 'b',
        namespace: 'shop',
        hostname: 'b.shop.svc.cluster.local',
        waypoint: 'shop/waypoint',
      },
      { name: 'out', namespace: 'shop', hostname: 'x.example', waypoint: 'shop/waypoint' },
      { name: 'out', namespace: 'shop', hostname: 'y.example', waypoint: 'shop/waypoint' },
    ])
  })

  it('leaves out namespaces that istiod does not see', () => {
    const selectors = object('Istio', 'default', {
      values: { meshConfig: { discoverySelectors: [{ matchLabels: { seen: 'yes' } }] } },
    })
    const mesh = meshOf([
      namespace('shop'),
      namespace('dev', { seen: 'yes' }),
      pod('shop/a'),
      pod('dev/b'),
      service('shop/a', {}),
      service('dev/b', {}),
      selectors,
    ])
    expect(dumpWorkloads(mesh).map(({ name }) => name)).toEqual(['b'])
    expect(dumpServices(mesh).map(({ name }) => name)).toEqual(['b'])
  })
})
