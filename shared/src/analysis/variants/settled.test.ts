import { describe, expect, it } from 'vitest'
import type { Resource } from '../../resources/resource.js'
import { analyse, describeFindings, findingsOf, type AnalyseOptions } from '../../testing/index.js'
import {
  AMBIENT_SHOP,
  COMPANION,
  policyText,
  SHOP,
  STRICT,
  withServiceLabel,
} from '../../rules/support/examples.js'

/** What a rule says of whatever is not defined several times: `type name: message`. */
function said(rule: string, documents: readonly string[], options: AnalyseOptions = {}): string[] {
  return findingsOf(analyse(documents.join('---\n'), options))
    .filter((finding) => finding.rule === rule)
    .flatMap(({ place, message }) => {
      return place.kind === 'field' && !isVariant(place.resource, documents)
        ? [`${place.resource.type} ${place.resource.name}: ${message}`]
        : []
    })
}

function isVariant({ type, name }: Resource, documents: readonly string[]): boolean {
  return documents
    .slice(1)
    .some((text) => text.includes(`\nkind: ${type}\n`) && text.includes(`\n  name: ${name}\n`))
}

const documentOf = (text: string, kind: string): string =>
  text.split(/^---\n/m).find((document) => document.includes(`\nkind: ${kind}\n`)) ?? ''
const without = (text: string, kind: string): string =>
  text
    .split(/^---\n/m)
    .filter((document) => document !== '' && !document.includes(`\nkind: ${kind}\n`))
    .join('---\n')
/** The same object as far as the rule goes, yet another. */
const annotated = (text: string): string =>
  text.replace('metadata:\n', 'metadata:\n  annotations:\n    example.com/way: other\n')

const DENY_DEV = policyText(
  'deny-dev',
  'selector:\n  matchLabels:\n    app: api\naction: DENY\nrules:\n- from:\n  - source:\n      namespaces: [dev]\n',
)
const ALLOW_WEB = policyText(
  'allow-web',
  'selector:\n  matchLabels:\n    app: api\nrules:\n- from:\n  - source:\n      serviceAccounts: [shop/web]\n',
)
const ALLOW_GET = policyText(
  'allow-get',
  'selector:\n  matchLabels:\n    app: api\nrules:\n- to:\n  - operation:\n      methods: [GET]\n',
)
const AT_SERVICE = policyText(
  'at-service',
  'targetRefs:\n- kind: Service\n  group: ""\n  name: api\nrules:\n- to:\n  - operation:\n      methods: [GET]\n',
)
const OF_WBE = policyText(
  'of-wbe',
  'selector:\n  matchLabels:\n    app: api\nrules:\n- from:\n  - source:\n      serviceAccounts: [shop/frontent]\n',
)
const ACCOUNT =
  'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: frontend\n  namespace: shop\n'
const LABELLED = withServiceLabel(SHOP, 'istio.io/use-waypoint: waypoint')
const OTHER =
  'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: other\n  namespace: shop\nspec:\n  template:\n    metadata:\n      labels:\n        app: other\n    spec:\n      containers:\n      - name: a\n'

/** An object of which the finding speaks, or on which it rests; `other` is what it would have to be for there to be none. */
const LOOKED_UP: readonly (readonly [
  kind: string,
  rule: string,
  rest: string,
  variant: string,
  other: (text: string) => string,
])[] = [
  [
    'Gateway',
    'waypoint-traffic-type',
    without(LABELLED, 'Gateway'),
    documentOf(SHOP, 'Gateway').replace('for: service', 'for: workload'),
    (text) => text.replace('for: workload', 'for: all'),
  ],
  [
    'Gateway',
    'waypoint-wrong-class',
    without(LABELLED, 'Gateway'),
    documentOf(SHOP, 'Gateway').replace('istio-waypoint', 'istio'),
    (text) => text.replace('Name: istio', 'Name: istio-waypoint'),
  ],
  [
    'Service',
    'headless-service-target',
    `${without(SHOP, 'Service')}---\n${AT_SERVICE}---\n${COMPANION}`,
    documentOf(SHOP, 'Service').replace('spec:\n', 'spec:\n  clusterIP: None\n'),
    (text) => text.replace('  clusterIP: None\n', ''),
  ],
  [
    'Service',
    'service-target-on-workload-waypoint',
    `${without(SHOP, 'Service').replace('for: service', 'for: workload')}---\n${AT_SERVICE}`,
    documentOf(LABELLED, 'Service'),
    (text) => text.replace('use-waypoint: waypoint', 'use-waypoint: none'),
  ],
  [
    'Namespace',
    'l7-allow-rule-dropped',
    `${without(AMBIENT_SHOP, 'Namespace')}---\n${ALLOW_GET}`,
    documentOf(AMBIENT_SHOP, 'Namespace'),
    (text) => text.replace('ambient', 'none'),
  ],
  [
    'Namespace',
    'target-not-bound',
    `${without(SHOP, 'Namespace')}---\n${AT_SERVICE}---\n${COMPANION}`,
    documentOf(SHOP, 'Namespace').replace('use-waypoint: waypoint', 'use-waypoint: none'),
    (text) => text.replace('use-waypoint: none', 'use-waypoint: waypoint'),
  ],
  [
    'ServiceAccount',
    'unknown-service-account',
    `${AMBIENT_SHOP}${OF_WBE}`,
    ACCOUNT,
    (text) => text.replace('frontend', 'frontent'),
  ],
  [
    'Deployment',
    'selector-matches-nothing',
    `${without(AMBIENT_SHOP, 'Deployment')}---\n${OTHER}---\n${DENY_DEV}`,
    documentOf(AMBIENT_SHOP, 'Deployment').replaceAll('app: api', 'app: apy'),
    (text) => text.replaceAll('app: apy', 'app: api'),
  ],
  [
    'Deployment',
    'unknown-service-account',
    `${AMBIENT_SHOP}${OF_WBE}`,
    OTHER.replace('    spec:\n', '    spec:\n      serviceAccountName: frontend\n'),
    (text) => text.replace('frontend', 'frontent'),
  ],
  [
    'Deployment',
    'l7-allow-rule-dropped',
    `${without(AMBIENT_SHOP, 'Deployment')}---\n${ALLOW_GET}`,
    documentOf(AMBIENT_SHOP, 'Deployment'),
    (text) =>
      text.replace(
        '        app: api\n',
        '        app: api\n        istio.io/dataplane-mode: none\n',
      ),
  ],
  [
    'PeerAuthentication',
    'deny-misses-plaintext',
    `${AMBIENT_SHOP}${DENY_DEV}`,
    STRICT.replace('STRICT', 'PERMISSIVE'),
    (text) => text.replace('PERMISSIVE', 'STRICT'),
  ],
  [
    'AuthorizationPolicy',
    'waypoint-identity-denied',
    `${SHOP}---\n${ALLOW_WEB}`,
    COMPANION.replace('shop/waypoint', 'shop/ingress'),
    (text) => text.replace('shop/ingress', 'shop/waypoint'),
  ],
  [
    'AuthorizationPolicy',
    'waypoint-bypass',
    `${SHOP}---\n${AT_SERVICE}`,
    COMPANION.replace('app: api', 'app: apy'),
    (text) => text.replace('app: apy', 'app: api'),
  ],
]

describe('a finding that rests on an object with variants', () => {
  it.each(LOOKED_UP)('%s: %s', (kind, rule, rest, variant, other) => {
    const alone = said(rule, [rest, variant])
    // There has to be something to lose, and another way that loses it.
    expect(alone.length).toBeGreaterThan(0)
    expect(variant).toMatch(new RegExp(`^kind: ${kind}$`, 'm'))
    expect(other(variant)).not.toBe(variant)
    expect(said(rule, [rest, variant, annotated(variant)])).toEqual(alone)
    expect(said(rule, [rest, variant, variant]).length).toBe(alone.length)
    expect(said(rule, [rest, variant, other(variant)])).toEqual([])
    expect(said(rule, [rest, other(variant), variant])).toEqual([])
    expect(said(rule, [rest, variant, annotated(variant), other(variant)])).toEqual([])
  })
})

it('is said in words that hold in each', () => {
  const allow = (value: string): string =>
    policyText(
      'allow-some',
      `selector:\n  matchLabels:\n    app: api\nrules:\n- from:\n  - source:\n      namespaces: [${value}]\n`,
    )
  const message = (...documents: readonly string[]): string[] =>
    said('l7-allow-rule-dropped', [`${AMBIENT_SHOP}${ALLOW_GET}`, ...documents])
  const everything = message()
  const nobody = message(allow('shop'))
  expect(everything).not.toEqual(nobody)
  expect(message(allow('shop'), allow('dev'))).toEqual(nobody)
  expect(message(allow('shop'), allow('dev').replace('rules:', 'action: DENY\n  rules:'))).toEqual(
    nobody,
  )
})

describe('a variant itself', () => {
  const strict = STRICT.replace('  mtls', '  selector:\n    matchLabels:\n      app: apy\n  mtls')

  it('is judged as the one that is there', () => {
    expect(
      describeFindings(
        analyse(
          `${AMBIENT_SHOP}${ALLOW_GET}---\n${ALLOW_GET.replace('GET', 'PUT').replace('app: api', 'app: apy')}`,
        ),
      ).map(ruleAt),
    ).toEqual([
      'test.yaml:31 duplicate-definition',
      'test.yaml:40 l7-allow-rule-dropped',
      'test.yaml:50 selector-matches-nothing',
    ])
  })

  it('is judged by what its Namespace says in each way', () => {
    const ambient = documentOf(SHOP, 'Namespace')
    const rest = [`${without(SHOP, 'Namespace')}---\n${ALLOW_GET}`]
    const otherwise = ambient.replace('use-waypoint: waypoint', 'use-waypoint: none')
    expect(said('l7-allow-rule-dropped', [...rest, ambient, otherwise]).length).toBe(1)
    expect(
      said('l7-allow-rule-dropped', [...rest, ambient, otherwise.replace('ambient', 'none')]),
    ).toEqual([])
  })

  it('does not see its other self', () => {
    expect(said('rule-idle', [AMBIENT_SHOP, DENY_DEV, annotated(DENY_DEV)])).toEqual([])
    expect(
      describeFindings(analyse(`${AMBIENT_SHOP}${strict}---\n${annotated(strict)}`)).map(ruleAt),
    ).toEqual(['test.yaml:36 selector-matches-nothing', 'test.yaml:50 selector-matches-nothing'])
  })
})

const ruleAt = (line: string): string => line.replace(/^([^:]*:\d+):\S* \S+ ([^:]*):.*$/, '$1 $2')

describe('several objects with variants', () => {
  const deployment = (value: string): string =>
    documentOf(AMBIENT_SHOP, 'Deployment')
      .replaceAll('app: api', `app: ${value}`)
      .replace(`        app: ${value}\n`, `        app: ${value}\n        team: shop\n`)
  const strict = (value: string): string =>
    STRICT.replace('  mtls', `  selector:\n    matchLabels:\n      app: ${value}\n  mtls`)
  const rest = `${without(AMBIENT_SHOP, 'Deployment')}---\n${DENY_DEV.replace('app: api', 'team: shop')}`
  const missed = (...documents: readonly string[]): number =>
    said('deny-misses-plaintext', [rest, ...documents]).length

  it('are looked at in every combination where they are few', () => {
    expect(missed(deployment('a'), strict('b'))).toBe(1)
    expect(missed(deployment('a'), strict('a'))).toBe(0)
    expect(missed(deployment('a'), deployment('b'), strict('c'), strict('d'))).toBe(1)
    // Neither the two first nor the two second belong together; the others do.
    expect(missed(deployment('a'), deployment('b'), strict('b'), strict('a'))).toBe(0)
  })

  it('that are many are each looked at', () => {
    const many = (...values: readonly string[]): string[] =>
      values.flatMap((value) => [deployment(value), strict(value.toUpperCase())])
    expect(missed(...many('a', 'b', 'c', 'd', 'e'))).toBe(1)
    expect(missed(...many('a', 'b', 'c', 'd', 'e', '0'))).toBe(0)
  })
})

describe('what installs disagree on', () => {
  const install = (name: string, spec: string): string =>
    `apiVersion: sailoperator.io/v1\nkind: Istio\nmetadata:\n  name: ${name}\nspec: ${spec}\n`
  const flag = (name: string, value: string): string =>
    `{values: {pilot: {env: {${name}: "${value}"}}}}`
  const meshConfig = (text: string): string => `{values: {meshConfig: ${text}}}`
  const rootDenyAll = policyText('deny-all', '{}\n', 'istio-system').replace(
    '  {}',
    '  action: ALLOW',
  )
  const CASES: readonly (readonly [
    setting: string,
    rule: string,
    mesh: string,
    holds: string,
    other: string,
  ])[] = [
    [
      'PILOT_AUTO_ALLOW_WAYPOINT_POLICY',
      'waypoint-identity-denied',
      `${SHOP}---\n${ALLOW_WEB}`,
      flag('PILOT_AUTO_ALLOW_WAYPOINT_POLICY', 'false'),
      flag('PILOT_AUTO_ALLOW_WAYPOINT_POLICY', 'true'),
    ],
    [
      'ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES',
      'root-deny-all-misses-waypoints',
      `${SHOP}---\n${rootDenyAll}`,
      flag('ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES', 'false'),
      flag('ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES', 'true'),
    ],
    [
      'AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY',
      'dry-run-not-enforced',
      `${AMBIENT_SHOP}${DENY_DEV.replace('metadata:\n', 'metadata:\n  annotations:\n    istio.io/dry-run: "true"\n')}`,
      flag('AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY', 'false'),
      flag('AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY', 'true'),
    ],
    [
      'istioVersion',
      'deprecated-api-version',
      ALLOW_WEB.replace('/v1\n', '/v1beta1\n'),
      '{version: v1.28.0}',
      '{version: v1.20.0}',
    ],
    [
      'discoverySelectors',
      'l7-allow-rule-dropped',
      `${AMBIENT_SHOP}${ALLOW_GET}`,
      meshConfig('{discoverySelectors: [{matchLabels: {istio.io/dataplane-mode: ambient}}]}'),
      meshConfig('{discoverySelectors: [{matchLabels: {team: shop}}]}'),
    ],
    [
      'excludeNamespaces',
      'l7-allow-rule-dropped',
      `${AMBIENT_SHOP}${ALLOW_GET}`,
      '{values: {cni: {excludeNamespaces: [kube-system]}}}',
      '{values: {cni: {excludeNamespaces: [shop]}}}',
    ],
    [
      'rootNamespace',
      'gateway-class-outside-root',
      `${SHOP}---\n${policyText('classes', 'targetRefs:\n- kind: GatewayClass\n  group: gateway.networking.k8s.io\n  name: istio-waypoint\n', 'shop')}`,
      meshConfig('{rootNamespace: istio-system}'),
      meshConfig('{rootNamespace: shop}'),
    ],
    [
      'trustDomain',
      'unmatchable-principal',
      `${AMBIENT_SHOP}${policyText('allow-far', 'selector:\n  matchLabels:\n    app: api\nrules:\n- from:\n  - source:\n      principals: [far.example/ns/shop/sa/web]\n')}`,
      meshConfig('{trustDomain: near.example}'),
      meshConfig('{trustDomain: far.example}'),
    ],
  ]

  it.each(CASES)('%s: %s', (_, rule, mesh, holds, other) => {
    const inOne = said(rule, [mesh, install('one', holds)])
    expect(inOne.length).toBeGreaterThan(0)
    expect(said(rule, [mesh, install('one', other)])).not.toEqual(inOne)
    expect(said(rule, [mesh, install('one', holds), install('two', holds)])).toEqual(inOne)
    expect(said(rule, [mesh, install('one', holds), install('two', other)])).toEqual([])
    expect(said(rule, [mesh, install('one', other), install('two', holds)])).toEqual([])
  })

  it('is as good as said where a flag is filled in', () => {
    expect(
      said('waypoint-identity-denied', [
        `${SHOP}---\n${ALLOW_WEB}`,
        install('one', flag('PILOT_AUTO_ALLOW_WAYPOINT_POLICY', '${AUTO}')),
      ]),
    ).toEqual([])
  })

  it('is nothing to a rule where the user says it', () => {
    const documents = [
      `${SHOP}---\n${ALLOW_WEB}`,
      install('one', flag('PILOT_AUTO_ALLOW_WAYPOINT_POLICY', 'true')),
      install('two', flag('PILOT_AUTO_ALLOW_WAYPOINT_POLICY', 'false')),
    ]
    expect(
      said('waypoint-identity-denied', documents, {
        settings: { flags: { PILOT_AUTO_ALLOW_WAYPOINT_POLICY: false } },
      }).length,
    ).toBe(1)
    expect(
      said('waypoint-identity-denied', documents, {
        settings: { flags: { PILOT_AUTO_ALLOW_WAYPOINT_POLICY: true } },
      }),
    ).toEqual([])
  })

  it('takes nothing from what they complete each other in', () => {
    const documents = [
      `${AMBIENT_SHOP}${ALLOW_GET}`,
      install('one', meshConfig('{trustDomain: a.example}')),
      install('two', meshConfig('{trustDomain: b.example}')),
      install('three', '{values: {cni: {excludeNamespaces: [shop]}}}'),
    ]
    expect(said('l7-allow-rule-dropped', documents)).toEqual([])
    expect(said('l7-allow-rule-dropped', documents.slice(0, 3)).length).toBe(1)
  })
})

describe('while somebody types', () => {
  it.each(LOOKED_UP)(
    'the findings are those of the present texts: %s, %s',
    (_, rule, rest, variant, other) => {
      const files = { 'rest.yaml': rest, 'one.yaml': variant }
      const analysis = analyse(files)
      const others: readonly (string | undefined)[] = [
        variant,
        other(variant),
        annotated(variant),
        undefined,
        other(variant),
        undefined,
      ]
      for (const text of others) {
        analysis.update([{ file: 'two.yaml', text, open: true }])
        const fresh = analyse(text === undefined ? files : { ...files, 'two.yaml': text })
        expect(describeFindings(analysis), rule).toEqual(describeFindings(fresh))
      }
    },
  )

  it('judges again what the other way rests on', () => {
    const two = documentOf(SHOP, 'Service').replace(
      'kind: Service\nmetadata:\n',
      'kind: Service\nmetadata:\n  labels:\n    istio.io/use-waypoint: second\n',
    )
    const second = documentOf(SHOP, 'Gateway').replace('name: waypoint', 'name: second')
    const analysis = analyse({
      'rest.yaml': `${without(SHOP, 'Service').replace('for: service', 'for: workload')}---\n${AT_SERVICE}`,
      'one.yaml': documentOf(LABELLED, 'Service'),
      'two.yaml': two,
    })
    const states = [second, second.replace('for: service', 'for: workload'), undefined].map(
      (text) => {
        analysis.update([{ file: 'second.yaml', text }])
        return analysis
          .findingsOf('rest.yaml')
          .filter(({ rule }) => rule === 'service-target-on-workload-waypoint').length
      },
    )
    expect(states).toEqual([0, 1, 0])
  })
})
