import { describe, expect, it } from 'vitest'
import {
  analyse,
  authorizationPolicy,
  deployment,
  documents,
  from,
  namespace,
  peerAuthentication,
  service,
  to,
  waypoint,
  when,
  type Fields,
} from '../testing/index.js'
import { readTestFile } from './readTestFile.js'
import { runTests } from './runTests.js'
import type { TestResult } from './testResult.js'

const SHOP = [
  namespace('shop', { ambient: true }),
  deployment('shop/web', { serviceAccount: 'web' }),
  deployment('shop/api', { serviceAccount: 'api' }),
  service('shop/api'),
]
const ONLY_WEB = authorizationPolicy('shop/only-web', {
  app: 'api',
  rules: [from({ serviceAccounts: ['shop/web'] })],
})

function run(objects: readonly string[], tests: string): TestResult[] {
  const { testFile, problems } = readTestFile(tests)
  expect(problems).toEqual([])
  const { mesh } = analyse({ 'mesh.yaml': documents(...objects) }, { world: 'closed' })
  return runTests(mesh, testFile.tests)
}

/** `passed`, `skipped: why` or `failed: message (who, what); …`. */
function outcomes(objects: readonly string[], tests: string): string[] {
  return run(objects, tests).map(({ status, reason, failures }) => {
    if (status !== 'failed') return status === 'skipped' ? `skipped: ${reason ?? ''}` : status
    return `failed: ${failures
      .map(({ message, requests }) =>
        requests
          ? `${message} (${requests.clients.join(', ')}: ${JSON.stringify(requests.requests)})`
          : message,
      )
      .join(' ')}`
  })
}

const oneCase = (request: string, rest = 'expect: allow'): string =>
  `cases:\n  - {name: a, request: ${request}, ${rest}}`
const oneRule = (fields: string): string => `rules:\n  - {name: a, ${fields}}`

describe('a case', () => {
  const fromWeb = '{from: shop/web, to: "service shop/api:80"}'
  const fromApi = '{from: shop/api, to: "service shop/api:80"}'

  it.each([
    [oneCase(fromWeb), 'passed'],
    [oneCase(fromApi, 'expect: deny'), 'passed'],
    [oneCase(fromApi), 'failed: The request is denied, but must be allowed.'],
    [oneCase(fromWeb, 'expect: deny'), 'failed: The request is allowed, but must be denied.'],
    [oneCase(fromWeb, 'expect: allow, by: shop/only-web'), 'passed'],
    [oneCase(fromApi, 'expect: deny, by: shop/only-web'), 'passed'],
    [
      oneCase(fromWeb, 'expect: allow, by: shop/other'),
      'failed: The request is allowed, but "shop/other" must decide: allowed by shop/only-web.',
    ],
    [
      oneCase('{from: [shop/web, shop/api, outside], to: "service shop/api:80"}'),
      'failed: The request is denied, but must be allowed. The request is denied, but must be allowed.',
    ],
  ])('%s', (tests, expected) => {
    expect(outcomes([...SHOP, ONLY_WEB], tests)).toEqual([expected])
  })

  it('a failure has the answer of each proxy and the nearest miss', () => {
    const [result] = run([...SHOP, ONLY_WEB], oneCase(fromApi))
    expect(result?.failures).toMatchObject([
      {
        request: { from: { serviceAccount: 'api' } },
        answer: { verdict: 'deny', hops: [{ point: 'ztunnel', verdict: 'deny' }] },
        nearestMiss: { verdict: 'allow' },
      },
    ])
  })

  it.each(['service shop/gone:80', 'workload shop/gone:8080', 'service shop/api:81'])(
    'the destination %s is not in the files, for each expected verdict',
    (target) => {
      for (const verdict of ['allow', 'deny', 'undecided']) {
        const [result] = outcomes(
          SHOP,
          oneCase(`{from: shop/web, to: "${target}"}`, `expect: ${verdict}`),
        )
        expect(result).toMatch(/^failed: There is no .* in these files\.$/)
      }
    },
  )

  it('a host without a ServiceEntry is outside the mesh', () => {
    expect(outcomes(SHOP, oneCase('{from: outside, to: "host x.example:443"}'))).toEqual(['passed'])
  })

  const template = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Values.name }}\n'

  it('a destination that can be a template is skipped', () => {
    for (const verdict of ['allow', 'deny', 'undecided'])
      expect(
        outcomes(
          [...SHOP, template],
          oneCase('{from: shop/web, to: "service shop/gone:80"}', `expect: ${verdict}`),
        ),
      ).toEqual([
        'skipped: There is no Service shop/gone in these files, which have templates of Service that are not rendered.',
      ])
    expect(outcomes([...SHOP, template], oneCase(fromWeb))).toEqual(['passed'])
  })

  it('a rule is not proven where a destination can be a template', () => {
    const rule = oneRule('never: {from: outside, to: "namespace:shop", http: {}}')
    const [result] = outcomes([...SHOP, ONLY_WEB, template], rule)
    expect(result).toMatch(/^(failed|skipped)/)
    expect(
      outcomes(
        [...SHOP, ONLY_WEB, template],
        oneRule('never: {from: shop/api, to: ["service shop/api", "service shop/gone"]}'),
      ),
    ).toEqual([
      'skipped: The destinations are not all known: these files have templates of Service that are not rendered.',
    ])
  })
})

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
    const [result] = run(
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

it('a PeerAuthentication decides by its name, and by the name in ztunnel', () => {
  const strict = peerAuthentication('shop/strict', { app: 'api', mode: 'STRICT' })
  const denied = (by: string): string =>
    oneCase('{from: {ip: 192.0.2.1}, to: "workload shop/api:8080"}', `expect: deny, by: ${by}`)
  const policyOfStrict = 'istio-system/istio_converted_static_strict'
  expect(outcomes([...SHOP, strict], denied(policyOfStrict))).toEqual(['passed'])
  expect(outcomes([...SHOP, strict], denied('shop/other'))[0]).toMatch(/^failed/)
  const withPort = peerAuthentication('shop/ports', {
    app: 'api',
    mode: 'STRICT',
    ports: { 9090: 'PERMISSIVE' },
  })
  for (const by of ['shop/ports', 'shop/converted_peer_authentication_ports'])
    expect(outcomes([...SHOP, withPort], denied(by))).toEqual(['passed'])
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
