import { describe, expect, it } from 'vitest'
import { keys } from '../inventory/indexKeys.js'
import type { MeshSettings } from '../mesh/meshSettings.js'
import {
  first,
  keysOf,
  meshOf,
  namesAtZtunnel,
  namespace,
  object,
  peer,
  pod,
  policy,
  selector,
  sent,
  type Plain,
} from '../testing/ztunnelMesh.js'
import { conversionOf, isCaptured, peerAuthenticationOf, policiesAtZtunnel } from './enforcement.js'

describe('policies at ztunnel', () => {
  const base = [namespace('shop'), pod('shop/api')]
  const strict = { mtls: { mode: 'STRICT' } }

  it('ztunnel enforces the policies of the namespace, of the root, by selector, and generated ones', () => {
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
      policy('shop/b', selector({ app: 'x' })),
      policy('shop/a', { selector: {} }),
      policy('dev/c', selector({ app: 'x' })),
      policy('istio-system/d', selector({ app: 'x' })),
    ]
    expect(namesAtZtunnel(bare).sort()).toEqual(['istio-system/d', 'shop/a', 'shop/b'])
    expect(keysOf(bare)).toEqual(['istio-system/d', 'shop/a', 'shop/b'])
  })

  it('the policy keys of a workload name only policies that istiod sends', () => {
    expect(
      keysOf([
        ...base,
        policy('shop/audit', { ...selector({ app: 'api' }), action: 'AUDIT' }),
        policy('shop/deny', { ...selector({ app: 'api' }), action: 'DENY', rules: [{}] }),
      ]),
    ).toEqual(['shop/deny'])
  })

  it('a PeerAuthentication is converted if its namespace or the mesh is STRICT', () => {
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

  it('a policy of the root namespace applies once to a workload in the root namespace', () => {
    const mesh = meshOf([pod('istio-system/api'), policy('istio-system/p', {})])
    expect(
      mesh.get(policiesAtZtunnel, mesh.workloadsAt(keys.workloads('istio-system'))[0]!),
    ).toHaveLength(1)
  })

  it('the setting rootNamespace decides which policies are mesh-wide', () => {
    expect(
      namesAtZtunnel(
        [...base, policy('istio-system/p', {}), policy('mesh/q', {}), peer('mesh/strict', strict)],
        { rootNamespace: 'mesh' },
      ),
    ).toEqual(['mesh/q', 'mesh/istio_converted_static_strict (generated)'])
  })

  it('policies in a namespace that istiod does not see are not sent', () => {
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
    expect(namesAtZtunnel([...objects, namespace('shop', { seen: 'yes' })])).toEqual(['shop/q'])
    expect(sent([...objects, namespace('shop', { seen: 'yes' })])).toEqual(['shop/q'])
    expect(namesAtZtunnel([...objects, namespace('shop')])).toEqual([])
    expect(sent([...objects, namespace('shop')])).toEqual([])
    const unseenRoot = meshOf([
      namespace('istio-system'),
      pod('istio-system/api'),
      policy('istio-system/p', {}),
      peer('istio-system/strict', strict),
      selectors,
    ])
    expect(
      unseenRoot.get(policiesAtZtunnel, unseenRoot.workloadsAt(keys.workloads('istio-system'))[0]!),
    ).toEqual([])
  })

  it('the policy keys name a PeerAuthentication even if istiod sends nothing for it', () => {
    const ports = { ...selector({ app: 'api' }), portLevelMtls: { 8080: { mode: 'PERMISSIVE' } } }
    const objects = [
      ...base,
      peer('istio-system/mesh', strict),
      peer('shop/ns', { mtls: { mode: 'UNSET' } }),
      peer('shop/ports', ports),
    ]
    expect(keysOf(objects)).toEqual(['shop/converted_peer_authentication_ports'])
    expect(namesAtZtunnel(objects)).toEqual([])
    expect(sent(objects)).toEqual(['istio-system/istio_converted_static_strict'])
    const converted = [...base, peer('istio-system/mesh', strict), peer('shop/ports', ports)]
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
    policy('shop/dry', {}, { annotations: { 'istio.io/dry-run': 'true' } }),
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
    const a = peer('shop/a', { mtls: { mode: 'STRICT' } })
    const b = peer('shop/b', { mtls: { mode: 'PERMISSIVE' } })
    expect([strictFirst(a, b), strictFirst(b, a)]).toEqual([true, true])
  })
})

it('only a pod in ambient mode is captured', () => {
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
