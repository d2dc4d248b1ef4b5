import { expect, it } from 'vitest'
import { peerAuthentication, type Fields } from '../testing/index.js'
import {
  answer,
  answerWithPlaces,
  fromAccounts,
  policy,
  SHOP,
  TO_API_POD,
  toOperation,
  toService,
  verdict,
} from '../testing/shopMesh.js'

it('an answer lists each hop with the rule that decided and its place', () => {
  const policies = [
    policy('readers', {
      ...toService('api'),
      rules: [toOperation({ methods: ['POST'] }), fromAccounts('web')],
    }),
    policy('from-waypoint', {
      rules: [toOperation({ methods: ['GET'] }), fromAccounts('waypoint')],
    }),
  ]
  expect(answerWithPlaces([...SHOP, ...policies], { id: 'q' })).toEqual({
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

it('a hop without policies allows the request and names no policy', () => {
  expect(answerWithPlaces(SHOP)).toMatchObject({
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

it('the evidence of a hop is the enforced ALLOW policies where none matched', () => {
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
  expect(answer([...SHOP, ...atPod], { to: TO_API_POD }, dryRun)).toMatchObject({
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

it('a hop names the DENY policy and the rule that denied the request', () => {
  const rules = [toOperation({ ports: ['81'] }), fromAccounts('web', 'waypoint')]
  expect(
    answerWithPlaces([
      ...SHOP,
      policy('no', { ...toService('api'), action: 'DENY', rules }),
      policy('yes', { ...toService('api'), rules: [{}] }),
    ]),
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
    answerWithPlaces([
      ...SHOP,
      policy('no', { action: 'DENY', rules }),
      policy('yes', { rules: [{}] }),
    ]),
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

it('a policy that istiod generates has a name and no place', () => {
  const strict = peerAuthentication('shop/p', { mode: 'STRICT' })
  expect(answerWithPlaces([...SHOP, strict], { from: {} })).toMatchObject({
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

it('a request with an empty http is GET / without host and headers', () => {
  const allows = (operation: Fields, extra: Fields = {}): string =>
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
