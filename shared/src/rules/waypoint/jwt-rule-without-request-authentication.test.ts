import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  expectFixed,
  findingsOf,
  replaceIn,
  type AnalyseOptions,
} from '../../testing/index.js'
import { COMPANION, policyText, SHOP } from '../support/examples.js'
import { jwtRuleWithoutRequestAuthentication } from './jwt-rule-without-request-authentication.js'

const rule = jwtRuleWithoutRequestAuthentication.name
const SERVICE_REF = '- {kind: Service, name: api}\n'
const GATEWAY_REF = '- {kind: Gateway, group: gateway.networking.k8s.io, name: waypoint}\n'
const CLASS_REF = '- {kind: GatewayClass, group: gateway.networking.k8s.io, name: istio-waypoint}\n'
const WITH_TOKEN = 'rules:\n- from:\n  - source:\n      requestPrincipals: ["*"]\n'
const policy = (refs = SERVICE_REF, rules = WITH_TOKEN, namespace = 'shop'): string =>
  policyText('p', `targetRefs:\n${refs}${rules}`, namespace)
const tokens = (spec: string, namespace = 'shop'): string =>
  replaceIn(
    policyText('tokens', `${spec}jwtRules:\n- issuer: https://issuer.example\n`, namespace),
    ['kind: AuthorizationPolicy', 'kind: RequestAuthentication'],
  )
const targeting = (refs: string, namespace?: string): string =>
  tokens(`targetRefs:\n${refs}`, namespace)
const NAMESPACE = SHOP.slice(0, SHOP.indexOf('---') + 4)
const WEB =
  'apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\n' +
  'spec: {selector: {app: web}, ports: [{port: 80}]}\n'

function found(documents: readonly string[], options: AnalyseOptions = {}): string[] {
  return findingsOf(analyse(documents.join('---\n'), options))
    .filter((finding) => finding.rule === rule)
    .map(({ message, level }) => `${level}: ${message}`)
}
const neverMatches = (target: string): string =>
  `warning: "requestPrincipals" never matches: no RequestAuthentication targets ${target} to verify tokens.`
const NEVER = neverMatches('Service "api" or its waypoint')

it('marks every attribute', () => {
  const { found: marked, expected } = compareMarked(
    `${SHOP}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: p
  namespace: shop
spec:
  targetRefs:
  - {kind: Service, name: api}
  action: DENY
  rules:
  - from:
    - source:
        requestPrincipals: [a/b]
#       ^^^^^^^^^^^^^^^^^ jwt-rule-without-request-authentication: "requestPrincipals" never matches: no RequestAuthentication targets Service "api" or its waypoint to verify tokens.
        notRequestPrincipals: [a/c]
#       ^^^^^^^^^^^^^^^^^^^^ jwt-rule-without-request-authentication: "notRequestPrincipals" always matches: no RequestAuthentication targets Service "api" or its waypoint to verify tokens.
    when:
    - key: request.auth.claims[role]
#          ^^^^^^^^^^^^^^^^^^^^^^^^^ jwt-rule-without-request-authentication: "request.auth.claims[role]" never matches: no RequestAuthentication targets Service "api" or its waypoint to verify tokens.
      values: [admin]
    - key: request.headers[x-token]
      values: ["*"]
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('a policy with token attributes', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['no RequestAuthentication', [SHOP, policy()], [NEVER]],
    ['one for the Service', [SHOP, policy(), targeting(SERVICE_REF)], []],
    ['one for the waypoint', [SHOP, policy(), targeting(GATEWAY_REF)], []],
    ['one for every waypoint', [SHOP, policy(), targeting(CLASS_REF, 'istio-system')], []],
    [
      'one with a selector, which waypoints ignore',
      [SHOP, policy(), tokens('selector:\n  matchLabels:\n    app: api\n')],
      [NEVER],
    ],
    [
      'none for the waypoint',
      [SHOP, policy(GATEWAY_REF)],
      [neverMatches('waypoint "shop/waypoint"')],
    ],
    [
      'none for all waypoints',
      [SHOP, policy(CLASS_REF, WITH_TOKEN, 'istio-system')],
      [neverMatches('any waypoint')],
    ],
    [
      'one for another Service',
      [SHOP, WEB, policy(), targeting('- {kind: Service, name: web}\n')],
      [NEVER],
    ],
    [
      'one for one of the Services of the waypoint',
      [SHOP, WEB, policy(GATEWAY_REF), targeting('- {kind: Service, name: web}\n')],
      [],
    ],
    [
      'one for one of two targets',
      [SHOP, WEB, policy(`${SERVICE_REF}- {kind: Service, name: web}\n`), targeting(SERVICE_REF)],
      [neverMatches('Service "web" or its waypoint')],
    ],
    [
      'one without a namespace',
      [SHOP, policy(), replaceIn(targeting(SERVICE_REF), ['  namespace: shop\n', ''])],
      [],
    ],
    [
      'one whose target another tool fills in',
      [SHOP, policy(), targeting('- {kind: Service, name: "${NAME}"}\n')],
      [],
    ],
    [
      'a template that may be one',
      [
        SHOP,
        policy(),
        '{{- if .Values.jwt }}\napiVersion: security.istio.io/v1\n' +
          'kind: RequestAuthentication\nmetadata:\n  name: x\n{{- end }}\n',
      ],
      [],
    ],
    [
      'a Helm release that may add one',
      [
        SHOP,
        policy(),
        'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: more\n  namespace: shop\n',
      ],
      [],
    ],
  ])('is checked against %s', (_, documents, expected) => {
    expect(found(documents)).toEqual(expected)
  })

  it.each<[string, readonly string[], AnalyseOptions, number, number]>([
    ['the Namespace is in the files', [SHOP, policy()], {}, 1, 0],
    ['the Namespace is not in the files', [SHOP.slice(NAMESPACE.length), policy()], {}, 1, 2],
  ])('counts the assumptions where %s', (_, documents, options, count, assumptions) => {
    const findings = findingsOf(analyse(documents.join('---\n'), options)).filter(
      (finding) => finding.rule === rule,
    )
    expect(findings).toHaveLength(count)
    expect(findings.flatMap((finding) => finding.assumptions)).toHaveLength(assumptions)
  })

  it('reports nothing without a known waypoint', () => {
    expect(found([NAMESPACE, policy()])).toEqual([])
    expect(found([replaceIn(SHOP, ['istio-waypoint', 'istio']), policy(GATEWAY_REF)])).toEqual([])
    expect(found([policy(CLASS_REF, WITH_TOKEN, 'istio-system')])).toEqual([])
  })
})

describe('the fix', () => {
  const text = (rules: string): string =>
    [SHOP, COMPANION, policy(SERVICE_REF, rules)].join('---\n')

  it('adds a RequestAuthentication for the named issuers', () => {
    const rules =
      'rules:\n- from:\n  - source:\n' +
      '      requestPrincipals: ["https://a.example/*", "https://a.example/x", "https://b.example/y"]\n'
    const fixed = expectFixed(
      text(rules),
      {
        rule,
        title:
          'Add a RequestAuthentication for tokens of "https://a.example" and "https://b.example"',
      },
      `${text(rules)}---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata:
  name: p-tokens
  namespace: shop
spec:
  targetRefs:
  - kind: Service
    group: ""
    name: api
  jwtRules:
  - issuer: https://a.example
  - issuer: https://b.example
`,
    )
    expect(Object.keys(fixed)).toEqual(['test.yaml'])
  })

  it.each([
    [
      'request.auth.principal',
      'rules:\n- when:\n  - {key: request.auth.principal, values: ["https://a.example/x"]}\n',
      ['Add a RequestAuthentication for tokens of "https://a.example"'],
    ],
    [
      'the claim iss',
      'rules:\n- when:\n  - {key: "request.auth.claims[iss]", values: ["https://a.example"]}\n',
      ['Add a RequestAuthentication for tokens of "https://a.example"'],
    ],
    ['no attribute', WITH_TOKEN, []],
    ['no pattern', 'rules:\n- from:\n  - source:\n      requestPrincipals: ["*.example/x"]\n', []],
    [
      'no negated attribute',
      'rules:\n- from:\n  - source:\n      notRequestPrincipals: ["https://a.example/x"]\n',
      [],
    ],
  ])('finds an issuer in %s', (_, rules, expected) => {
    expect(
      findingsOf(analyse(text(rules)))
        .filter((finding) => finding.rule === rule)
        .flatMap(({ fixes }) => fixes.map(({ title }) => title)),
    ).toEqual(expected)
  })
})
