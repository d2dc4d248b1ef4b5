import { describe, expect, it } from 'vitest'
import { keys } from '../inventory/indexKeys.js'
import type { MeshSettings } from '../mesh/meshSettings.js'
import {
  authorizationPolicy,
  namespace,
  object,
  peerAuthentication,
  pod,
  type Labels,
} from '../testing/index.js'
import {
  discoverySelectors,
  first,
  keysOf,
  meshOf,
  namesAtZtunnel,
  sent,
} from '../testing/ztunnelMesh.js'
import { conversionOf, isCaptured, peerAuthenticationOf, policiesAtZtunnel } from './enforcement.js'

describe('policies at ztunnel', () => {
  const base = [namespace('shop'), pod('shop/api')]
  const strict = { mode: 'STRICT' }

  it('ztunnel enforces the policies of the namespace, of the root, by selector, and generated ones', () => {
    const objects = [
      ...base,
      authorizationPolicy('shop/wide'),
      authorizationPolicy('istio-system/mesh'),
      authorizationPolicy('shop/mine', { app: 'api' }),
      authorizationPolicy('istio-system/mine', { app: 'api' }),
      authorizationPolicy('shop/other', { app: 'web' }),
      authorizationPolicy('dev/wide'),
      authorizationPolicy('shop/empty', { spec: { selector: {} } }),
      authorizationPolicy('shop/target', { targetRefs: ['Service/api'] }),
      authorizationPolicy('shop/audit', { action: 'AUDIT', rules: [{}] }),
      authorizationPolicy('shop/ask', {
        action: 'CUSTOM',
        rules: [{}],
        spec: { provider: { name: 'opa' } },
      }),
      authorizationPolicy('shop/dry', { annotations: { 'istio.io/dry-run': 'true' } }),
      peerAuthentication('shop/strict', strict),
    ]
    expect(namesAtZtunnel(objects).sort()).toEqual([
      'istio-system/istio_converted_static_strict (generated)',
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

  it('every policy with a selector applies to a pod without labels', () => {
    const bare = [
      namespace('shop'),
      object('Pod', 'shop/bare'),
      authorizationPolicy('shop/b', { app: 'x' }),
      authorizationPolicy('shop/a', { spec: { selector: {} } }),
      authorizationPolicy('dev/c', { app: 'x' }),
      authorizationPolicy('istio-system/d', { app: 'x' }),
    ]
    expect(namesAtZtunnel(bare).sort()).toEqual(['istio-system/d', 'shop/a', 'shop/b'])
    expect(keysOf(bare)).toEqual(['istio-system/d', 'shop/a', 'shop/b'])
  })

  it('the policy keys of a workload name only policies that istiod sends', () => {
    expect(
      keysOf([
        ...base,
        authorizationPolicy('shop/audit', { app: 'api', action: 'AUDIT' }),
        authorizationPolicy('shop/deny', { app: 'api', action: 'DENY', rules: [{}] }),
      ]),
    ).toEqual(['shop/deny'])
  })

  it('a PeerAuthentication is converted if its namespace or the mesh is STRICT', () => {
    const ports = { app: 'api', ports: { 8080: 'PERMISSIVE' } }
    const made = (...peers: string[]): boolean =>
      sent([...base, peerAuthentication('shop/ports', ports), ...peers]).includes(
        'shop/converted_peer_authentication_ports',
      )
    expect(made()).toBe(false)
    expect(made(peerAuthentication('shop/ns', strict))).toBe(true)
    expect(made(peerAuthentication('istio-system/mesh', strict))).toBe(true)
    expect(made(peerAuthentication('dev/ns', strict))).toBe(false)
    expect(
      made(peerAuthentication('istio-system/selecting', { ...strict, spec: { selector: {} } })),
    ).toBe(false)
    expect(
      made(
        peerAuthentication('shop/ns', { mode: 'PERMISSIVE' }),
        peerAuthentication('dev/a', strict),
      ),
    ).toBe(false)
  })

  it('a policy of the root namespace applies once to a workload in the root namespace', () => {
    const mesh = meshOf([pod('istio-system/api'), authorizationPolicy('istio-system/p')])
    expect(
      mesh.get(policiesAtZtunnel, mesh.workloadsAt(keys.workloads('istio-system'))[0]!),
    ).toHaveLength(1)
  })

  it('the setting rootNamespace decides which policies are mesh-wide', () => {
    expect(
      namesAtZtunnel(
        [
          ...base,
          authorizationPolicy('istio-system/p'),
          authorizationPolicy('mesh/q'),
          peerAuthentication('mesh/strict', strict),
        ],
        { rootNamespace: 'mesh' },
      ),
    ).toEqual(['mesh/q', 'mesh/istio_converted_static_strict (generated)'])
  })

  it('policies in a namespace that istiod does not see are not sent', () => {
    const objects = [
      namespace('istio-system'),
      authorizationPolicy('istio-system/p'),
      peerAuthentication('istio-system/strict', strict),
      authorizationPolicy('shop/q'),
      pod('shop/api'),
      discoverySelectors,
    ]
    expect(namesAtZtunnel([...objects, namespace('shop', { labels: { seen: 'yes' } })])).toEqual([
      'shop/q',
    ])
    expect(sent([...objects, namespace('shop', { labels: { seen: 'yes' } })])).toEqual(['shop/q'])
    expect(namesAtZtunnel([...objects, namespace('shop')])).toEqual([])
    expect(sent([...objects, namespace('shop')])).toEqual([])
    const unseenRoot = meshOf([
      namespace('istio-system'),
      pod('istio-system/api'),
      authorizationPolicy('istio-system/p'),
      peerAuthentication('istio-system/strict', strict),
      discoverySelectors,
    ])
    expect(
      unseenRoot.get(policiesAtZtunnel, unseenRoot.workloadsAt(keys.workloads('istio-system'))[0]!),
    ).toEqual([])
  })

  it('the policy keys name a PeerAuthentication even if istiod sends nothing for it', () => {
    const ports = { app: 'api', ports: { 8080: 'PERMISSIVE' } }
    const objects = [
      ...base,
      peerAuthentication('istio-system/mesh', strict),
      peerAuthentication('shop/ns', { mode: 'UNSET' }),
      peerAuthentication('shop/ports', ports),
    ]
    expect(keysOf(objects)).toEqual(['shop/converted_peer_authentication_ports'])
    expect(namesAtZtunnel(objects)).toEqual([])
    expect(sent(objects)).toEqual(['istio-system/istio_converted_static_strict'])
    const converted = [
      ...base,
      peerAuthentication('istio-system/mesh', strict),
      peerAuthentication('shop/ports', ports),
    ]
    expect(namesAtZtunnel(converted)).toEqual([
      'shop/converted_peer_authentication_ports (generated)',
    ])
    expect(sent(converted)).toEqual([
      'istio-system/istio_converted_static_strict',
      'shop/converted_peer_authentication_ports',
    ])
  })
})

describe('dry-run policies', () => {
  const dry = [
    namespace('shop'),
    pod('shop/api'),
    authorizationPolicy('shop/dry', { annotations: { 'istio.io/dry-run': 'true' } }),
  ]
  const flags = { AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY: true }

  it.each<[string, MeshSettings, string[]]>([
    ['not by default', {}, []],
    ['with the flag', { flags }, ['shop/dry']],
    ['with the flag in 1.29', { flags, istioVersion: '1.29' }, ['shop/dry']],
    ['not in 1.28', { flags, istioVersion: '1.28' }, []],
  ])('a dry-run policy is sent: %s', (_, settings, expected) => {
    expect(namesAtZtunnel(dry, settings)).toEqual(expected)
    expect(sent(dry, settings)).toEqual(expected)
  })

  it('a dry-run policy is sent with dryRun: true', () => {
    const mesh = meshOf(dry, { flags })
    expect(
      mesh.get(conversionOf, mesh.named('AuthorizationPolicy', 'shop', 'dry')!).authorization,
    ).toMatchObject({ dryRun: true })
  })
})

describe('several PeerAuthentications of one level', () => {
  it('the first PeerAuthentication by name counts, in any order of the files', () => {
    const strictFirst = (...order: string[]): boolean => {
      const mesh = meshOf([namespace('shop'), pod('shop/api'), ...order])
      return mesh.get(peerAuthenticationOf, first(mesh)).policies.length > 0
    }
    const a = peerAuthentication('shop/a', { mode: 'STRICT' })
    const b = peerAuthentication('shop/b', { mode: 'PERMISSIVE' })
    expect([strictFirst(a, b), strictFirst(b, a)]).toEqual([true, true])
  })
})

it('only a pod in ambient mode is captured', () => {
  const captured = (labels: Labels): boolean => {
    const mesh = meshOf([namespace('shop'), pod('shop/api', { labels })])
    return mesh.get(isCaptured, first(mesh))
  }
  expect([
    captured({}),
    captured({ 'istio.io/dataplane-mode': 'none' }),
    captured({ 'sidecar.istio.io/inject': 'true' }),
  ]).toEqual([true, false, false])
})
