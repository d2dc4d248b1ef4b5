import { expect, it } from 'vitest'
import {
  analyse,
  authorizationPolicy,
  deployment,
  documents,
  findingsOf,
  from,
  namespace,
  object,
  shop,
  to,
  type AnalyseOptions,
  type Fields,
} from '../../testing/index.js'

const install = (name: string, spec: Fields): string => object('Istio', name, { spec })
const flag = (name: string, value: string): Fields => ({
  values: { pilot: { env: { [name]: value } } },
})
const meshConfig = (fields: Fields): Fields => ({ values: { meshConfig: fields } })

const confirmed = (
  rule: string,
  texts: readonly string[],
  options: AnalyseOptions = {},
): string[] =>
  findingsOf(analyse(documents(...texts), options))
    .filter((finding) => finding.rule === rule)
    .map(({ message }) => message)

const ALLOW_GET = documents(
  namespace('shop'),
  deployment('shop/api'),
  authorizationPolicy('shop/allow-get', { app: 'api', rules: [to({ methods: ['GET'] })] }),
)
const ALLOW_WEB = authorizationPolicy('shop/allow-web', {
  app: 'api',
  rules: [from({ serviceAccounts: ['shop/web'] })],
})
const AUTO_ALLOW = 'PILOT_AUTO_ALLOW_WAYPOINT_POLICY'

interface Case {
  readonly setting: string
  readonly rule: string
  readonly mesh: string
  /** The rule has findings with this install, and others or none with `other`. */
  readonly holds: Fields
  readonly other: Fields
}

const CASES: readonly Case[] = [
  {
    setting: AUTO_ALLOW,
    rule: 'waypoint-identity-denied',
    mesh: documents(shop(), ALLOW_WEB),
    holds: flag(AUTO_ALLOW, 'false'),
    other: flag(AUTO_ALLOW, 'true'),
  },
  {
    setting: 'ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES',
    rule: 'root-deny-all-misses-waypoints',
    mesh: documents(shop(), authorizationPolicy('istio-system/deny-all', { action: 'ALLOW' })),
    holds: flag('ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES', 'false'),
    other: flag('ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES', 'true'),
  },
  {
    setting: 'AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY',
    rule: 'dry-run-not-enforced',
    mesh: documents(
      namespace('shop'),
      deployment('shop/api'),
      authorizationPolicy('shop/deny-dev', {
        app: 'api',
        action: 'DENY',
        rules: [from({ namespaces: ['dev'] })],
        annotations: { 'istio.io/dry-run': 'true' },
      }),
    ),
    holds: flag('AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY', 'false'),
    other: flag('AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY', 'true'),
  },
  {
    setting: 'version',
    rule: 'deprecated-api-version',
    mesh: object('AuthorizationPolicy', 'shop/p', { apiVersion: 'security.istio.io/v1beta1' }),
    holds: { version: 'v1.28.0' },
    other: { version: 'v1.20.0' },
  },
  {
    setting: 'discoverySelectors',
    rule: 'l7-allow-rule-dropped',
    mesh: ALLOW_GET,
    holds: meshConfig({
      discoverySelectors: [{ matchLabels: { 'istio.io/dataplane-mode': 'ambient' } }],
    }),
    other: meshConfig({ discoverySelectors: [{ matchLabels: { team: 'shop' } }] }),
  },
  {
    setting: 'excludeNamespaces',
    rule: 'l7-allow-rule-dropped',
    mesh: ALLOW_GET,
    holds: { values: { cni: { excludeNamespaces: ['kube-system'] } } },
    other: { values: { cni: { excludeNamespaces: ['shop'] } } },
  },
  {
    setting: 'rootNamespace',
    rule: 'gateway-class-outside-root',
    mesh: documents(
      shop(),
      authorizationPolicy('shop/classes', { targetRefs: ['GatewayClass/istio-waypoint'] }),
    ),
    holds: meshConfig({ rootNamespace: 'istio-system' }),
    other: meshConfig({ rootNamespace: 'shop' }),
  },
  {
    setting: 'trustDomain',
    rule: 'unmatchable-principal',
    mesh: documents(
      namespace('shop'),
      deployment('shop/api'),
      authorizationPolicy('shop/allow-far', {
        app: 'api',
        rules: [from({ principals: ['far.example/ns/shop/sa/web'] })],
      }),
    ),
    holds: meshConfig({ trustDomain: 'near.example' }),
    other: meshConfig({ trustDomain: 'far.example' }),
  },
]

it.each(CASES)(
  'a finding that depends on $setting is reported only if all installs agree ($rule)',
  ({ rule, mesh, holds, other }) => {
    const alone = confirmed(rule, [mesh, install('one', holds)])
    expect(alone.length).toBeGreaterThan(0)
    expect(confirmed(rule, [mesh, install('one', other)])).not.toEqual(alone)
    expect(confirmed(rule, [mesh, install('one', holds), install('two', holds)])).toEqual(alone)
    expect(confirmed(rule, [mesh, install('one', holds), install('two', other)])).toEqual([])
    expect(confirmed(rule, [mesh, install('one', other), install('two', holds)])).toEqual([])
  },
)

it('a flag whose value is a placeholder may be true or false', () => {
  expect(
    confirmed('waypoint-identity-denied', [
      shop(),
      ALLOW_WEB,
      install('one', flag(AUTO_ALLOW, '${AUTO}')),
    ]),
  ).toEqual([])
})

it('a setting of the user decides what installs disagree on', () => {
  const found = (value: boolean): number =>
    confirmed(
      'waypoint-identity-denied',
      [
        shop(),
        ALLOW_WEB,
        install('one', flag(AUTO_ALLOW, 'true')),
        install('two', flag(AUTO_ALLOW, 'false')),
      ],
      { settings: { flags: { [AUTO_ALLOW]: value } } },
    ).length
  expect([found(false), found(true)]).toEqual([1, 0])
})

it('a value that only one install has applies, even if the others disagree on other values', () => {
  const texts = [
    ALLOW_GET,
    install('one', meshConfig({ trustDomain: 'a.example' })),
    install('two', meshConfig({ trustDomain: 'b.example' })),
  ]
  const excluding = install('three', { values: { cni: { excludeNamespaces: ['shop'] } } })
  expect(confirmed('l7-allow-rule-dropped', [...texts, excluding])).toEqual([])
  expect(confirmed('l7-allow-rule-dropped', texts)).toHaveLength(1)
})
