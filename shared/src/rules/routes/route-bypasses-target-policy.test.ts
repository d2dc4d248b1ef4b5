import { describe, expect, it } from 'vitest'
import { analyse, expectFixed, findingsOf, replaceIn } from '../../testing/index.js'
import { policyText, SHOP, WEB_SERVICE } from '../support/examples.js'
import { routeBypassesTargetPolicyPage } from './route-bypasses-target-policy.page.js'
import { routeBypassesTargetPolicy } from './route-bypasses-target-policy.js'

const rule = routeBypassesTargetPolicy.name
const found = (...documents: readonly string[]): string[] =>
  findingsOf(analyse(documents.join('---\n')))
    .filter((finding) => finding.rule === rule)
    .map(({ message }) => message)

const TO_API =
  'Requests that this route sends from Service "web" to "api" are not subject to policy "allow-get".'

it('route-bypasses-target-policy reports the bad example of its page', () => {
  expect(found(routeBypassesTargetPolicyPage.bad)).toEqual([TO_API])
})

it('route-bypasses-target-policy reports nothing for the good example of its page', () => {
  expect(found(routeBypassesTargetPolicyPage.good)).toEqual([])
})

const MESH = `${SHOP}---\n${WEB_SERVICE}`
const target = (kind: string, name: string): string =>
  `- { group: "${kind === 'Gateway' ? 'gateway.networking.k8s.io' : ''}", kind: ${kind}, name: ${name} }\n`
const GET = 'rules: [{ to: [{ operation: { methods: [GET] } }] }]\n'
const allowGet = (refs: string, name = 'allow-get', more = GET): string =>
  policyText(name, `targetRefs:\n${refs}${more}`)
const FOR_API = allowGet(target('Service', 'api'))
const route = (
  backends: string,
  { kind = 'HTTPRoute', where = 'shop', more = '' } = {},
): string => `
apiVersion: gateway.networking.k8s.io/v1
kind: ${kind}
metadata: { name: web, namespace: ${where} }
spec:
  parentRefs: [{ group: "", kind: Service, name: web, namespace: shop }]
  rules:
  - backendRefs: ${backends}
${more}`
const TO = '[{ name: api, port: 80 }]'
const virtualService = (http: string, spec = ''): string => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: web, namespace: shop }
spec:
  hosts: [web]
${spec}  http:
  - ${http}
`

describe('routes', () => {
  it.each<[string, string, readonly string[]]>([
    ['an HTTPRoute', route(TO), [TO_API]],
    ['a GRPCRoute', route(TO, { kind: 'GRPCRoute' }), [TO_API]],
    ['a VirtualService', virtualService('route: [{ destination: { host: api } }]'), [TO_API]],
    [
      'one of several backends',
      route('[{ name: web, port: 80, weight: 9 }, { name: api, port: 80, weight: 1 }]'),
      [TO_API],
    ],
    [
      'a backend without weight',
      route('[{ name: web, port: 80 }, { name: api, port: 80, weight: 0 }]'),
      [],
    ],
    ['its own Service', route('[{ name: web, port: 80 }]'), []],
    [
      'a namespace that the waypoint does not read',
      route('[{ name: api, namespace: shop, port: 80 }]', { where: 'front' }),
      [],
    ],
    [
      'a redirect',
      route(TO, {
        more: '    filters: [{ type: RequestRedirect, requestRedirect: { hostname: x } }]\n',
      }),
      [],
    ],
    [
      'a filter that istiod does not convert',
      route(TO, { more: '    filters: [{ type: ExtensionRef }]\n' }),
      [],
    ],
    [
      'a match that a waypoint drops',
      virtualService(
        '{ match: [{ sourceLabels: { a: b } }], route: [{ destination: { host: api } }] }',
      ),
      [],
    ],
    [
      'a gateway',
      virtualService('route: [{ destination: { host: api } }]', '  gateways: [edge]\n'),
      [],
    ],
  ])('%s', (_, text, expected) => {
    expect(found(MESH, FOR_API, text)).toEqual(expected)
  })
})

describe('policies', () => {
  const ALLOW_WAYPOINT = (account: string): string =>
    policyText(
      'only',
      `selector: { matchLabels: { app: api } }\nrules: [{ from: [{ source: { serviceAccounts: [${account}] } }] }]`,
    )

  it.each<[string, readonly string[], readonly string[]]>([
    [
      'a DENY',
      [allowGet(target('Service', 'api'), 'deny', `action: DENY\n${GET}`)],
      [replaceIn(TO_API, ['allow-get', 'deny'])],
    ],
    ['none', [], []],
    ['one for both Services', [allowGet(target('Service', 'api') + target('Service', 'web'))], []],
    ['one for the waypoint', [allowGet(target('Gateway', 'waypoint'))], []],
    ['the same rules for each', [FOR_API, allowGet(target('Service', 'web'), 'same')], []],
    [
      'one that allows every request',
      [allowGet(target('Service', 'api'), 'all', 'rules: [{}]\n')],
      [],
    ],
    [
      'two',
      [FOR_API, allowGet(target('Service', 'api'), 'deny', `action: DENY\n${GET}`)],
      [
        'Requests that this route sends from Service "web" to "api" are not subject to policies "allow-get" and "deny".',
      ],
    ],
    ['one at ztunnel that allows the waypoint', [FOR_API, ALLOW_WAYPOINT('waypoint')], [TO_API]],
    ['one at ztunnel that denies the waypoint', [FOR_API, ALLOW_WAYPOINT('other/waypoint')], []],
  ])('%s', (_, policies, expected) => {
    expect(found(MESH, ...policies, route(TO))).toEqual(expected)
  })

  it('of a Service in another namespace, behind another waypoint', () => {
    const other = replaceIn(SHOP, [/\bshop\b/g, 'vault'])
    const text = route('[{ name: api, namespace: vault, port: 80 }]')
    const finding = findingsOf(
      analyse(
        [MESH, other, replaceIn(FOR_API, ['namespace: shop', 'namespace: vault']), text].join(
          '---\n',
        ),
      ),
    ).find((each) => each.rule === rule)
    expect(finding?.message).toBe(TO_API)
    expect(finding?.fixes).toEqual([])
  })
})

describe('fixes', () => {
  it('the policy applies to the called Service too', () => {
    expectFixed(
      routeBypassesTargetPolicyPage.bad,
      { rule, title: 'Apply "allow-get" to Service "web" too' },
      replaceIn(routeBypassesTargetPolicyPage.good, [
        '- name: api\n          port',
        '- name: api # ←\n          port',
      ]),
    )
  })

  it('the policy applies to the waypoint if it serves no other Service', () => {
    const text = [MESH, FOR_API, route(TO)].join('---\n')
    const title = 'Target the waypoint "waypoint" instead'
    expectFixed(text, { rule, title })
    const third = replaceIn(WEB_SERVICE, ['name: web', 'name: third'])
    expect(() => expectFixed(`${text}---\n${third}`, { rule, title })).toThrow('No fix')
  })
})

const token = (presence: string, refs = target('Service', 'api'), name = 'who'): string =>
  replaceIn(
    policyText(
      name,
      `targetRefs:\n${refs}jwtRules: [{ issuer: "https://id.example", presence: ${presence} }]`,
    ),
    ['AuthorizationPolicy', 'RequestAuthentication'],
  )

it.each<[string, readonly string[], readonly string[]]>([
  ['a required token', [token('REQUIRED')], [replaceIn(TO_API, ['allow-get', 'who'])]],
  ['an optional token', [token('OPTIONAL')], []],
  [
    'a token that the called Service requires too',
    [token('REQUIRED'), token('REQUIRED', target('Service', 'web'), 'web')],
    [],
  ],
  ['a token that the waypoint requires', [token('REQUIRED', target('Gateway', 'waypoint'))], []],
  [
    'both kinds of policies',
    [FOR_API, token('REQUIRED')],
    [replaceIn(TO_API, ['policy "allow-get"', 'policies "allow-get" and "who"'])],
  ],
])('a route bypasses %s', (_, policies, expected) => {
  expect(found(MESH, ...policies, route(TO))).toEqual(expected)
})
