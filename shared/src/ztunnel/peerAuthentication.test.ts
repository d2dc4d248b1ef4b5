import { describe, expect, it } from 'vitest'
import type { PeerAuthentication } from '../resources/peerAuthentication.js'
import { resourceOf } from '../testing/index.js'
import {
  acceptsPlaintext,
  convertPeerAuthentication,
  effectivePeerAuthentication,
  inheritedStrict,
  intendedMode,
  levelsOf,
  staticStrict,
} from './peerAuthentication.js'

type Plain = Readonly<Record<string, unknown>>

const peer = (at: string, spec: Plain = {}): PeerAuthentication => {
  const [namespace, name] = at.split('/')
  return resourceOf(
    'PeerAuthentication',
    JSON.stringify({
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name, namespace },
      spec,
    }),
  )
}
const mode = (of: string): Plain => ({ mtls: { mode: of } })
const app = { selector: { matchLabels: { app: 'a' } } }
const ports = (modes: Readonly<Record<string, string>>): Plain => ({
  portLevelMtls: Object.fromEntries(
    Object.entries(modes).map(([port, value]) => [port, { mode: value }]),
  ),
})
const levels = (...given: PeerAuthentication[]) => levelsOf(given, 'root')

describe('levels', () => {
  it('the level of a PeerAuthentication depends on its namespace and selector', () => {
    const [mesh, meshEmpty, meshApp, namespace, namespaceEmpty, workload] = [
      peer('root/b'),
      peer('root/c', { selector: {} }),
      peer('root/a', app),
      peer('shop/b'),
      peer('shop/c', { selector: { matchLabels: {} } }),
      peer('shop/d', app),
    ]
    expect(levels(meshApp, workload, namespaceEmpty, namespace, meshEmpty, mesh)).toEqual({
      mesh,
      namespace,
      workload,
    })
    expect(levels(meshEmpty, meshApp, namespaceEmpty)).toEqual({
      mesh: meshEmpty,
      namespace: namespaceEmpty,
      workload: undefined,
    })
    expect(levels(meshApp)).toEqual({ mesh: undefined, namespace: undefined, workload: undefined })
    expect(levels(peer('shop/a', app), namespace)).toMatchObject({
      namespace,
      workload: { name: 'a' },
    })
  })

  it('the first PeerAuthentication of a level by name counts, and the list stays unchanged', () => {
    const given = ['e', 'a', 'd', 'c', 'b'].map((name) => peer(`shop/${name}`))
    expect(levelsOf(given, 'root').namespace?.name).toBe('a')
    expect(given.map(({ name }) => name)).toEqual(['e', 'a', 'd', 'c', 'b'])
    expect(levels(peer('shop/b'), peer('shop/a')).namespace?.name).toBe('a')
    expect(levels(peer('shop/a'), peer('shop/b')).namespace?.name).toBe('a')
  })
})

it.each<[string, PeerAuthentication[], boolean]>([
  ['nothing', [], false],
  ['the mesh', [peer('root/p', mode('STRICT'))], true],
  ['the namespace', [peer('shop/p', mode('STRICT'))], true],
  [
    'a permissive namespace in a strict mesh',
    [peer('root/p', mode('STRICT')), peer('shop/p', mode('PERMISSIVE'))],
    false,
  ],
  [
    'an UNSET namespace in a strict mesh',
    [peer('root/p', mode('STRICT')), peer('shop/p', mode('UNSET'))],
    true,
  ],
  ['a permissive mesh', [peer('root/p', mode('PERMISSIVE'))], false],
])('the inherited mode from %s is strict: %s', (_, given, expected) => {
  expect(inheritedStrict(levels(...given))).toBe(expected)
})

describe('generated policies', () => {
  it('STRICT for all ports is the static policy', () => {
    const effective = effectivePeerAuthentication(levels(peer('shop/p', mode('STRICT'))), 'root')
    expect(effective).toMatchObject({
      policyKeys: ['root/istio_converted_static_strict'],
      danglingReference: false,
      namespace: { name: 'p' },
    })
    expect(effective.policies).toEqual([
      {
        name: 'istio_converted_static_strict',
        namespace: 'root',
        scope: 'WorkloadSelector',
        action: 'Deny',
        dryRun: false,
        rules: [[[{ notPrincipals: [{ Presence: [] }] }]]],
      },
    ])
    expect(staticStrict('x').namespace).toBe('x')
  })

  it('an exception for ports is a policy of its own', () => {
    const effective = effectivePeerAuthentication(
      levels(peer('shop/p', { ...app, ...mode('STRICT'), ...ports({ 8080: 'PERMISSIVE' }) })),
      'root',
    )
    expect(effective).toMatchObject({
      policyKeys: ['shop/converted_peer_authentication_p'],
      danglingReference: false,
    })
    expect(effective.policies).toEqual([
      {
        name: 'converted_peer_authentication_p',
        namespace: 'shop',
        scope: 'WorkloadSelector',
        action: 'Deny',
        dryRun: false,
        rules: [[[{ notPrincipals: [{ Presence: [] }] }], [{ notDestinationPorts: [8080] }]]],
      },
    ])
    expect([acceptsPlaintext(effective, 8080), acceptsPlaintext(effective, 9090)]).toEqual([
      true,
      false,
    ])
  })

  it('a policy without a reference is not among the policies', () => {
    const workload = peer('shop/p', { ...app, ...mode('STRICT'), ...ports({ 8080: 'STRICT' }) })
    expect(effectivePeerAuthentication(levels(workload), 'root')).toMatchObject({
      policyKeys: ['root/istio_converted_static_strict'],
      policies: [{ name: 'istio_converted_static_strict' }],
      danglingReference: false,
    })
    expect(
      effectivePeerAuthentication(
        levels(peer('shop/p', { ...app, ...mode('PERMISSIVE'), ...ports({ 8080: 'DISABLE' }) })),
        'root',
      ),
    ).toMatchObject({ policyKeys: [], policies: [], danglingReference: false })
  })

  it('an ignored DISABLE on a port is the static policy', () => {
    const effective = effectivePeerAuthentication(
      levels(
        peer('shop/n', mode('STRICT')),
        peer('shop/p', { ...app, ...ports({ 8080: 'DISABLE' }) }),
      ),
      'root',
    )
    expect(effective).toMatchObject({
      policyKeys: ['root/istio_converted_static_strict'],
      danglingReference: false,
    })
    expect(effective.policies.map(({ name }) => name)).toEqual(['istio_converted_static_strict'])
  })

  it('a referenced key can have no policy', () => {
    const effective = effectivePeerAuthentication(
      levels(
        peer('root/mesh', mode('STRICT')),
        peer('shop/p', { ...app, ...mode('PERMISSIVE'), ...ports({ 8080: 'STRICT' }) }),
      ),
      'root',
    )
    expect(effective).toMatchObject({
      policyKeys: ['shop/converted_peer_authentication_p'],
      policies: [],
      danglingReference: true,
    })
  })

  it('a referenced key has no policy if the namespace is STRICT with an empty selector', () => {
    const workload = peer('shop/p', { ...app, ...ports({ 8080: 'PERMISSIVE' }) })
    const effective = (spec: Plain) =>
      effectivePeerAuthentication(
        levels(peer('shop/n', { ...spec, ...mode('STRICT') }), workload),
        'root',
      )
    expect(effective({})).toMatchObject({
      policyKeys: ['shop/converted_peer_authentication_p'],
      danglingReference: false,
    })
    expect(effective({ selector: {} })).toMatchObject({
      policyKeys: ['shop/converted_peer_authentication_p'],
      policies: [],
      danglingReference: true,
    })
    expect([
      acceptsPlaintext(effective({}), 9090),
      acceptsPlaintext(effective({ selector: {} }), 9090),
    ]).toEqual([false, true])
    const strictMesh = effectivePeerAuthentication(
      levels(
        peer('root/m', mode('STRICT')),
        peer('shop/n', { selector: {}, ...mode('UNSET') }),
        workload,
      ),
      'root',
    )
    expect(strictMesh.danglingReference).toBe(false)
  })

  it.each<[string, string, Plain, boolean]>([
    ['with ports and a selector', 'shop/p', { ...app, ...ports({ 8080: 'STRICT' }) }, true],
    [
      'with ports and an empty selector',
      'shop/p',
      { selector: {}, ...ports({ 8080: 'STRICT' }) },
      true,
    ],
    ['without a selector', 'shop/p', ports({ 8080: 'STRICT' }), false],
    ['without ports', 'shop/p', app, false],
    ['in the root', 'root/p', { ...app, ...ports({ 8080: 'STRICT' }) }, false],
  ])('a PeerAuthentication %s is converted: %s', (_, at, spec, expected) => {
    expect(
      convertPeerAuthentication(
        peer(at, spec),
        { mesh: undefined, namespace: undefined },
        'root',
      ) !== undefined,
    ).toBe(expected)
  })
})

it.each<[string, PeerAuthentication[], string]>([
  [
    'the port',
    [
      peer('shop/w', { ...app, ...mode('PERMISSIVE'), ...ports({ 8080: 'DISABLE' }) }),
      peer('shop/n', mode('STRICT')),
    ],
    'DISABLE',
  ],
  [
    'the workload, if another port has a mode',
    [
      peer('shop/w', { ...app, ...mode('PERMISSIVE'), ...ports({ 9090: 'DISABLE' }) }),
      peer('shop/n', mode('STRICT')),
    ],
    'PERMISSIVE',
  ],
  [
    'the workload, if the port is UNSET',
    [peer('shop/w', { ...app, ...mode('STRICT'), ...ports({ 8080: 'UNSET' }) })],
    'STRICT',
  ],
  [
    'the namespace',
    [
      peer('shop/w', { ...app, ...mode('UNSET') }),
      peer('shop/n', mode('DISABLE')),
      peer('root/m', mode('STRICT')),
    ],
    'DISABLE',
  ],
  ['the mesh', [peer('shop/n', mode('UNSET')), peer('root/m', mode('STRICT'))], 'STRICT'],
  ['no level (all UNSET)', [peer('root/m', mode('UNSET'))], 'PERMISSIVE'],
  ['no level (no PeerAuthentication)', [], 'PERMISSIVE'],
])('the configured mode is the one of %s', (_, given, expected) => {
  expect(intendedMode(levels(...given), 8080)).toBe(expected)
})
