import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  expectFixed,
  findingsOf,
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
  policyText('tokens', `${spec}jwtRules:\n- issuer: https://issuer.example\n`, namespace).replace(
    'kind: AuthorizationPolicy',
    'kind: RequestAuthentication',
  )
const targeting = (refs: string, namespace?: string): string =>
  tokens(`targetRefs:\n${refs}`, namespace)
const NAMESPACE = SHOP.slice(0, SHOP.indexOf('---') + 4)
const WEB =
  'apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n'

function found(documents: readonly string[], options: AnalyseOptions = {}): string[] {
  return findingsOf(analyse(documents.join('---\n'), options))
    .filter((finding) => finding.rule === rule)
    .map(({ message, level }) => `${level}: ${message}`)
}
const says = (target: string, what: string): string =>
  `warning: No RequestAuthentication targets ${target} or its waypoint: without verified tokens ${what}.`
const NEVER = says('Service "api"', '"requestPrincipals" never matches')

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
#       ^^^^^^^^^^^^^^^^^ jwt-rule-without-request-authentication: No RequestAuthentication targets Service "api" or its waypoint: without verified tokens "requestPrincipals" never matches.
        notRequestPrincipals: [a/c]
#       ^^^^^^^^^^^^^^^^^^^^ jwt-rule-without-request-authentication: No RequestAuthentication targets Service "api" or its waypoint: without verified tokens "notRequestPrincipals" holds for everybody.
    when:
    - key: request.auth.claims[role]
#          ^^^^^^^^^^^^^^^^^^^^^^^^^ jwt-rule-without-request-authentication: No RequestAuthentication targets Service "api" or its waypoint: without verified tokens "request.auth.claims[role]" never matches.
      values: [admin]
    - key: request.headers[x-token]
      values: ["*"]
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('what verifies tokens', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['nothing', [SHOP, policy()], [NEVER]],
    ['something at the Service', [SHOP, policy(), targeting(SERVICE_REF)], []],
    ['something at the waypoint', [SHOP, policy(), targeting(GATEWAY_REF)], []],
    ['something at every waypoint', [SHOP, policy(), targeting(CLASS_REF, 'istio-system')], []],
    [
      'something that the waypoint does not look at',
      [SHOP, policy(), tokens('selector:\n  matchLabels:\n    app: api\n')],
      [NEVER],
    ],
    [
      'nothing at the waypoint',
      [SHOP, policy(GATEWAY_REF)],
      [
        'warning: No RequestAuthentication targets waypoint "shop/waypoint": without verified tokens "requestPrincipals" never matches.',
      ],
    ],
    [
      'nothing at all waypoints',
      [SHOP, policy(CLASS_REF, WITH_TOKEN, 'istio-system')],
      [
        'warning: No RequestAuthentication targets any waypoint: without verified tokens "requestPrincipals" never matches.',
      ],
    ],
    [
      'something at another Service',
      [SHOP, WEB, policy(), targeting('- {kind: Service, name: web}\n')],
      [NEVER],
    ],
    [
      'something at one of the Services of the waypoint',
      [SHOP, WEB, policy(GATEWAY_REF), targeting('- {kind: Service, name: web}\n')],
      [],
    ],
    [
      'something at one of two targets',
      [SHOP, WEB, policy(`${SERVICE_REF}- {kind: Service, name: web}\n`), targeting(SERVICE_REF)],
      [says('Service "web"', '"requestPrincipals" never matches')],
    ],
    [
      'something in a namespace that nobody names',
      [SHOP, policy(), targeting(SERVICE_REF).replace('  namespace: shop\n', '')],
      [],
    ],
    [
      'something whose target another tool fills in',
      [SHOP, policy(), targeting('- {kind: Service, name: "${NAME}"}\n')],
      [],
    ],
    [
      'perhaps a template',
      [
        SHOP,
        policy(),
        '{{- if .Values.jwt }}\napiVersion: security.istio.io/v1\nkind: RequestAuthentication\nmetadata:\n  name: x\n{{- end }}\n',
      ],
      [],
    ],
    [
      'perhaps what a release brings',
      [
        SHOP,
        policy(),
        'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: more\n  namespace: shop\n',
      ],
      [],
    ],
  ])('%s', (_, documents, expected) => {
    expect(found(documents)).toEqual(expected)
  })

  it.each<[string, readonly string[], AnalyseOptions, number, number]>([
    ['the namespace is here', [SHOP, policy()], {}, 1, 0],
    ['it is not', [SHOP.slice(NAMESPACE.length), policy()], {}, 1, 2],
  ])('assumes what the files do not tell: %s', (_, documents, options, count, assumptions) => {
    const findings = findingsOf(analyse(documents.join('---\n'), options)).filter(
      (finding) => finding.rule === rule,
    )
    expect(findings).toHaveLength(count)
    expect(findings.flatMap((finding) => finding.assumptions)).toHaveLength(assumptions)
  })

  it('says nothing where no waypoint is known', () => {
    expect(found([NAMESPACE, policy()])).toEqual([])
    expect(found([SHOP.replace('istio-waypoint', 'istio'), policy(GATEWAY_REF)])).toEqual([])
    expect(found([policy(CLASS_REF, WITH_TOKEN, 'istio-system')])).toEqual([])
  })
})

describe('the fix', () => {
  const text = (rules: string): string =>
    [SHOP, COMPANION, policy(SERVICE_REF, rules)].join('---\n')

  it('verifies the tokens of the issuers that are named', () => {
    const rules =
      'rules:\n- from:\n  - source:\n      requestPrincipals: ["https://a.example/*", "https://a.example/x", "https://b.example/y"]\n'
    const fixed = expectFixed(
      text(rules),
      { rule, title: 'Verify tokens of "https://a.example" and "https://b.example"' },
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
      'by principal',
      'rules:\n- when:\n  - {key: request.auth.principal, values: ["https://a.example/x"]}\n',
      ['Verify tokens of "https://a.example"'],
    ],
    [
      'by claim',
      'rules:\n- when:\n  - {key: "request.auth.claims[iss]", values: ["https://a.example"]}\n',
      ['Verify tokens of "https://a.example"'],
    ],
    ['not at all', WITH_TOKEN, []],
    ['by its end', 'rules:\n- from:\n  - source:\n      requestPrincipals: ["*.example/x"]\n', []],
    [
      'as one that is not wanted',
      'rules:\n- from:\n  - source:\n      notRequestPrincipals: ["https://a.example/x"]\n',
      [],
    ],
  ])('finds an issuer that is named %s', (_, rules, expected) => {
    expect(
      findingsOf(analyse(text(rules)))
        .filter((finding) => finding.rule === rule)
        .flatMap(({ fixes }) => fixes.map(({ title }) => title)),
    ).toEqual(expected)
  })
})
