import { describe, expect, it } from 'vitest'
import { oneCase, oneRule, ONLY_WEB, outcomes, runIn, SHOP } from '../testing/accessTests.js'
import {
  authorizationPolicy,
  deployment,
  from,
  namespace,
  to,
  waypoint,
  when,
  type Fields,
} from '../testing/index.js'

describe('a rule over all requests', () => {
  const READERS = authorizationPolicy('shop/readers', {
    targetRefs: ['Service/api'],
    rules: [
      { ...from({ namespaces: ['shop'] }), ...to({ methods: ['GET'], paths: ['/orders*'] }) },
    ],
  })
  const ROUTED = [
    namespace('shop', { ambient: true, labels: { 'istio.io/use-waypoint': 'waypoint' } }),
    ...SHOP.slice(1),
    waypoint('shop/waypoint'),
    READERS,
  ]

  it.each([
    ['never: {from: "namespace:dev", to: "service shop/api"}', 'passed'],
    [
      'never: {from: "namespace:shop", to: "service shop/api"}',
      'failed: The request is allowed, but must never be allowed. (any account of shop: {"path":["/orders*"],"method":["GET"]})',
    ],
    [
      'never: {from: "namespace:shop", to: "service shop/api", http: {method: [POST, DELETE]}}',
      'passed',
    ],
    [
      'always: {from: shop/web, to: "service shop/api", http: {method: GET, path: /orders/*}}',
      'passed',
    ],
    [
      'always: {from: shop/web, to: "service shop/api", http: {method: [GET, POST], path: /orders/*}}',
      'failed: The request is denied, but must always be allowed. (shop/web: {"method":["POST"]})',
    ],
    ['always: {from: shop/web, to: "service shop/api"}, through: waypoint', 'passed'],
    [
      'always: {to: "workload shop/api:8080"}, through: waypoint',
      'failed: The request is allowed without a waypoint. (clients in ambient mode, clients outside the mesh: {})',
    ],
    ['never: {to: "workload shop/api:8080"}, through: waypoint', 'passed'],
    [
      'never: {from: shop/web, to: "service shop/api"}, through: waypoint',
      'failed: The request is allowed through a waypoint. (shop/web: {"path":["/orders*"],"method":["GET"]})',
    ],
    ['never: {to: "service shop/gone"}', 'failed: There is no Service shop/gone in these files.'],
    [
      'never: {to: "service shop/api:81"}',
      'failed: There is no Service shop/api with the port 81 in these files.',
    ],
    [
      'never: {to: "namespace:gone"}',
      'failed: These files have no destination in the namespace gone.',
    ],
  ])('%s', (fields, expected) => {
    const [result] = outcomes(ROUTED, oneRule(fields))
    expect(result).toBe(expected)
  })

  it('clients that are not in the files are notes', () => {
    const notes = (tests: string): readonly string[] | undefined => runIn(SHOP, tests)[0]?.notes
    expect(
      notes(oneRule('never: {from: [shop/wbe, "namespace:dev", outside], to: service shop/api}')),
    ).toEqual([
      'The service account shop/wbe is not in these files.',
      'The namespace dev is not in these files.',
    ])
    expect(notes(oneRule('never: {from: [shop/web, "namespace:shop"]}'))).toEqual([])
    expect(notes(oneCase('{from: [shop/wbe, shop/web], to: service shop/api:80}'))).toEqual([
      'The service account shop/wbe is not in these files.',
    ])
  })

  it.each([
    ['/./*', true],
    ['/a/../b', true],
    ['api*', true],
    ['*?x', true],
    ['/..x', false],
    ['*/x', false],
    ['*', false],
    ['/{*}/x', false],
  ])('a rule about the path %s has a note if no request has it', (path, isNoted) => {
    const [result] = runIn(SHOP, oneRule(`never: {to: service shop/api, http: {path: "${path}"}}`))
    expect(result?.status).toBe(isNoted ? 'passed' : 'failed')
    expect(result?.notes).toEqual(isNoted ? [`No request has a path like "${path}".`] : [])
  })

  it('notFrom leaves only the named clients', () => {
    const rule = oneRule(
      'never: {notFrom: shop/web, to: ["service shop/api", "workload shop/api"]}',
    )
    expect(outcomes([...SHOP, ONLY_WEB], rule)).toEqual(['passed'])
    expect(outcomes(SHOP, rule)[0]).toMatch(/^failed/)
  })

  it('an account whose pods are outside the mesh is a client without identity', () => {
    const outside = [
      namespace('old', { ambient: false }),
      deployment('old/job', { serviceAccount: 'job' }),
    ]
    for (const client of ['old/job', 'namespace:old', 'outside'])
      expect(
        outcomes(
          [...SHOP, ...outside],
          oneRule(`never: {from: "${client}", to: "service shop/api"}`),
        )[0],
      ).toMatch(/^failed: The request is allowed, but must never be allowed\./)
  })

  it('an example has the HTTP values of the rule where no proxy reads HTTP', () => {
    const [result] = runIn(
      SHOP,
      oneRule(
        'never: {to: "service shop/api", http: {method: DELETE, path: "/admin/*", host: "*.shop", headers: {x-env: prod}}}',
      ),
    )
    expect(result?.failures[0]?.request?.http).toEqual({
      method: 'DELETE',
      path: '/admin/x',
      host: 'x.shop',
      headers: { 'x-env': 'prod' },
    })
  })

  it('CUSTOM leaves requests undecided, which is not what a rule claims', () => {
    const custom = authorizationPolicy('shop/custom', {
      targetRefs: ['Service/api'],
      action: 'CUSTOM',
      rules: [to({ paths: ['/login'] })],
      spec: { provider: { name: 'authorizer' } },
    })
    for (const claim of ['never', 'always'])
      expect(
        outcomes(
          [...ROUTED, custom],
          oneRule(
            `${claim}: {from: shop/web, to: "service shop/api", http: {method: GET, path: /login}}`,
          ),
        )[0],
      ).toMatch(claim === 'never' ? /^passed|^failed: The files do not decide/ : /^failed/)
  })
})

it('a destination with more combinations than are evaluated at once is split, and the rule stays exact', () => {
  const header = (name: string): Fields => ({
    key: `request.headers[${name}]`,
    values: ['a', 'b', 'c*', '*d', 'e'],
  })
  const many = authorizationPolicy('shop/many', {
    targetRefs: ['Service/api'],
    rules: [
      {
        ...from({ serviceAccounts: ['shop/web'] }),
        ...to({ methods: ['GET'] }),
        ...when(header('a'), header('b'), header('c')),
      },
      { ...from({ serviceAccounts: ['shop/api'] }), ...to({ paths: ['/orders*'] }) },
    ],
  })
  const mesh = [
    namespace('shop', { ambient: true, labels: { 'istio.io/use-waypoint': 'waypoint' } }),
    ...SHOP.slice(1),
    waypoint('shop/waypoint'),
    many,
  ]
  const results = outcomes(
    mesh,
    `rules:
  - {name: a, never: {from: shop/web, to: service shop/api, http: {method: POST}}}
  - {name: b, never: {from: shop/api, to: service shop/api, http: {path: /admin}}}
  - {name: c, never: {from: shop/api, to: service shop/api, http: {path: [/admin, /orders/1]}}}
  - {name: d, never: {from: shop/web, to: service shop/api, http: {method: GET, headers: {a: [a], b: a}}}}
  - {name: e, always: {from: shop/web, to: service shop/api, http: {method: GET, headers: {a: a, b: b}}}}
`,
  ).map((outcome) => outcome.slice(0, 6))
  expect(results).toEqual(['passed', 'passed', 'failed', 'failed', 'failed'])
})
