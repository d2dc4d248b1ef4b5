import { expect, it } from 'vitest'
import {
  analyse,
  authorizationPolicy,
  deployment,
  documents,
  expectFixed,
  findingsOf,
  gatewayClass,
  namespace,
  replaceIn,
  requestAuthentication,
  service,
  serviceEntry,
  to,
  Views,
  waypoint,
} from '../../testing/index.js'
import { waypointClassNotEnforcedPage } from './waypoint-class-not-enforced.page.js'
import { waypointClassNotEnforced } from './waypoint-class-not-enforced.js'

const rule = waypointClassNotEnforced.name
const found = (text: string): string[] =>
  findingsOf(analyse(text))
    .filter((finding) => finding.rule === rule)
    .map(({ level, message }) => `${level}: ${message}`)

it('waypoint-class-not-enforced reports the bad example of its page', () => {
  expect(found(waypointClassNotEnforcedPage.bad)).toEqual([
    'error: This policy is not enforced: waypoint "shop/waypoint" has class istio-agentgateway-waypoint, which enforces no AuthorizationPolicy.',
  ])
})

it('waypoint-class-not-enforced reports nothing for the good example of its page', () => {
  expect(found(waypointClassNotEnforcedPage.good)).toEqual([])
})

const AGENT = 'istio-agentgateway-waypoint'
const DENY = { action: 'DENY', rules: [to({ methods: ['PUT'] })] }
const model = (className: string, ...others: readonly string[]): string =>
  documents(
    namespace('llm', { waypoint: 'door' }),
    waypoint('llm/door', { className }),
    service('llm/model'),
    deployment('llm/model'),
    ...others,
  )

it.each<[string, string, string[]]>([
  [
    'a policy for the Gateway',
    model(AGENT, authorizationPolicy('llm/p', { ...DENY, targetRefs: ['Gateway/door'] })),
    [
      'error: This policy is not enforced: waypoint "llm/door" has class istio-agentgateway-waypoint, which enforces no AuthorizationPolicy.',
    ],
  ],
  [
    'a class of the user with the controller of agentgateway',
    model(
      'our-llm',
      gatewayClass('our-llm', 'istio.io/agentgateway-waypoint-controller'),
      requestAuthentication('llm/p', { targetRefs: ['Service/model'] }),
    ),
    [
      'error: This policy is not enforced: waypoint "llm/door" has class our-llm, which enforces no RequestAuthentication.',
    ],
  ],
  [
    'a ServiceEntry, and the other target not',
    model(
      AGENT,
      waypoint('llm/envoy'),
      serviceEntry('llm/ext'),
      service('llm/web', { waypoint: 'envoy' }),
      authorizationPolicy('llm/p', { ...DENY, targetRefs: ['Service/web', 'ServiceEntry/ext'] }),
    ),
    [
      'error: This policy is not enforced: waypoint "llm/door" has class istio-agentgateway-waypoint, which enforces no AuthorizationPolicy.',
    ],
  ],
  [
    'a canary of this class',
    documents(
      namespace('llm', {
        waypoint: 'door',
        labels: { 'istio.io/use-waypoint-canary': 'next' },
        annotations: { 'istio.io/use-waypoint-canary-weight': '5' },
      }),
      waypoint('llm/door'),
      waypoint('llm/next', { className: AGENT }),
      service('llm/model'),
      authorizationPolicy('llm/p', { ...DENY, targetRefs: ['Service/model'] }),
    ),
    [
      'warning: Some connections bypass this policy: waypoint "llm/next" has class istio-agentgateway-waypoint, which enforces no AuthorizationPolicy.',
    ],
  ],
])('reports %s', (_, text, expected) => {
  expect(found(text)).toEqual(expected)
})

it.each<[string, string]>([
  [
    'ztunnel enforces the policy',
    model(AGENT, authorizationPolicy('llm/p', { app: 'model', action: 'DENY' })),
  ],
  [
    'the class is not known',
    model(
      'corp-waypoint',
      authorizationPolicy('llm/p', { ...DENY, targetRefs: ['Service/model'] }),
    ),
  ],
  [
    'the Service uses no waypoint',
    model(
      AGENT,
      service('llm/off', { waypoint: 'none' }),
      authorizationPolicy('llm/p', { ...DENY, targetRefs: ['Service/off'] }),
    ),
  ],
])('reports nothing if %s', (_, text) => {
  expect(found(text)).toEqual([])
})

const REQUEST = {
  from: { namespace: 'llm', serviceAccount: 'web' },
  to: { service: 'llm/model', port: 80 },
  http: { method: 'PUT' },
} as const

it('evaluate, explain and the waypoint say that the class does not enforce it', () => {
  const policy = authorizationPolicy('llm/p', { ...DENY, targetRefs: ['Service/model'] })
  const views = new Views(model(AGENT, policy))
  const answer = views.evaluate(REQUEST)
  expect([answer.verdict, answer.hops[0]?.reason]).toEqual([
    'allow',
    'waypoints of class istio-agentgateway-waypoint enforce no AuthorizationPolicy and no RequestAuthentication',
  ])
  expect(views.status('p')).toMatchObject({ status: 'True', message: 'bound to llm/door' })
  expect(views.explain('AuthorizationPolicy', 'llm', 'p').summary).toBe('not enforced')
  for (const explanation of [
    views.explain('Gateway', 'llm', 'door'),
    views.explain('Service', 'llm', 'model'),
  ])
    expect('policies' in explanation && explanation.policies).toMatchObject([
      { name: 'llm/p', enforcedBy: 'nobody' },
    ])
  expect(new Views(model('istio-waypoint', policy)).evaluate(REQUEST).verdict).toBe('deny')
})

it('uses the class of Envoy waypoints', () => {
  expectFixed(
    waypointClassNotEnforcedPage.bad,
    { rule, title: 'Use class istio-waypoint for waypoint "waypoint"' },
    replaceIn(waypointClassNotEnforcedPage.good, [
      '      name: api\n  action',
      '      name: api # ← its waypoint enforces no AuthorizationPolicy\n  action',
    ]),
  )
})
