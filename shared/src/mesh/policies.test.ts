import { expect, it } from 'vitest'
import {
  peerAuthenticationsOf,
  policiesOfWorkload,
  scopeOf,
  workloadsOfPolicy,
} from './policies.js'
import {
  type Plain,
  object,
  namespace,
  pod,
  policy,
  selector,
  UNSEEN,
  meshOf,
  the,
  workload,
  names,
} from '../testing/meshObjects.js'

const pods = [
  pod('shop/a', { app: 'api', tier: 'x' }),
  pod('shop/b', { app: 'web' }),
  pod('dev/c', { app: 'api' }),
]

it.each<[string, string, string, string[]]>([
  ['namespace', 'shop/p', '{}', ['shop/a', 'shop/b']],
  ['mesh', 'istio-system/p', '{}', ['dev/c', 'shop/a', 'shop/b']],
  ['workloads', 'shop/p', JSON.stringify(selector({ app: 'api' })), ['shop/a']],
  ['workloads', 'shop/p', JSON.stringify(selector({ app: 'api', tier: 'x' })), ['shop/a']],
  ['workloads', 'shop/p', JSON.stringify(selector({ app: 'api', tier: 'y' })), []],
  ['workloads', 'istio-system/p', JSON.stringify(selector({ app: 'api' })), ['dev/c', 'shop/a']],
  ['nothing', 'shop/p', '{"selector":{}}', []],
  ['nothing', 'shop/p', JSON.stringify(selector({})), []],
  ['nothing', 'shop/p', '{"targetRefs":[{"kind":"Service","group":"","name":"x"}]}', []],
])('scope %s: the policy %s with the spec %s', (scope, at, spec, expected) => {
  const mesh = meshOf([...pods, policy(at, JSON.parse(spec) as Plain)])
  expect(scopeOf(mesh, the(mesh, 'AuthorizationPolicy'))).toBe(scope)
  expect(names(mesh.get(workloadsOfPolicy, the(mesh, 'AuthorizationPolicy')))).toEqual(expected)
})

it('applies a policy that istiod does not see to no workload', () => {
  const mesh = meshOf([...pods, namespace('shop'), policy('shop/p'), UNSEEN])
  expect(mesh.get(workloadsOfPolicy, the(mesh, 'AuthorizationPolicy'))).toEqual([])
})

it('applies every selector to a pod without labels, and no targetRef', () => {
  const target = { targetRefs: [{ kind: 'Service', group: '', name: 'x' }] }
  const mesh = meshOf([
    object('Pod', 'shop/bare'),
    policy('shop/a', selector({ x: 'y' })),
    policy('shop/b', target),
    policy('shop/c'),
  ])
  expect(names(mesh.get(policiesOfWorkload, workload(mesh, 'bare')))).toEqual(['shop/a', 'shop/c'])
})

it('applies no policy in a namespace that istiod does not see, those of the root namespace included', () => {
  const mesh = meshOf([
    namespace('shop'),
    namespace('istio-system', { seen: 'yes' }),
    pod('shop/a'),
    policy('istio-system/p'),
    UNSEEN,
  ])
  expect(mesh.get(policiesOfWorkload, workload(mesh, 'a'))).toEqual([])
})

it('applies a PeerAuthentication of the root namespace to the mesh without a selector, and only there with one', () => {
  const mesh = meshOf([
    pod('shop/a', { app: 'api', tier: 'x' }),
    pod('istio-system/r'),
    object('PeerAuthentication', 'istio-system/wide'),
    object('PeerAuthentication', 'istio-system/empty', { selector: {} }),
    object('PeerAuthentication', 'istio-system/selecting', selector({ app: 'api' })),
    object('PeerAuthentication', 'shop/wide'),
    object('PeerAuthentication', 'shop/empty', { selector: {} }),
    object('PeerAuthentication', 'shop/mine', selector({ app: 'api' })),
    object('PeerAuthentication', 'shop/both', selector({ app: 'api', tier: 'y' })),
    object('PeerAuthentication', 'dev/wide'),
  ])
  expect(names(mesh.get(peerAuthenticationsOf, workload(mesh, 'a')))).toEqual([
    'istio-system/wide',
    'shop/empty',
    'shop/mine',
    'shop/wide',
  ])
  expect(names(mesh.get(peerAuthenticationsOf, workload(mesh, 'r')))).toEqual([
    'istio-system/empty',
    'istio-system/selecting',
    'istio-system/wide',
  ])
})

it('applies no PeerAuthentication that istiod does not see', () => {
  const mesh = meshOf([
    namespace('istio-system'),
    namespace('shop', { seen: 'yes' }),
    pod('shop/a'),
    object('PeerAuthentication', 'istio-system/wide'),
    object('PeerAuthentication', 'shop/wide'),
    UNSEEN,
  ])
  expect(names(mesh.get(peerAuthenticationsOf, workload(mesh, 'a')))).toEqual(['shop/wide'])
  const own = meshOf([
    namespace('istio-system', { seen: 'yes' }),
    namespace('shop'),
    pod('shop/a', { app: 'api' }),
    object('PeerAuthentication', 'istio-system/wide'),
    object('PeerAuthentication', 'shop/wide'),
    object('PeerAuthentication', 'shop/mine', selector({ app: 'api' })),
    UNSEEN,
  ])
  expect(names(own.get(peerAuthenticationsOf, workload(own, 'a')))).toEqual(['istio-system/wide'])
})
