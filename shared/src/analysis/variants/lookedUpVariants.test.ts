import { describe, expect, it } from 'vitest'
import {
  analyse,
  authorizationPolicy,
  deployment,
  describeFindings,
  documents,
  findingsOf,
  from,
  namespace,
  peerAuthentication,
  resourcesOf,
  service,
  serviceAccount,
  shop,
  to,
  waypoint,
  type Labels,
} from '../../testing/index.js'

const AMBIENT_SHOP = documents(namespace('shop'), deployment('shop/api'))
const ALLOW_GET = authorizationPolicy('shop/allow-get', {
  app: 'api',
  rules: [to({ methods: ['GET'] })],
})
const ALLOW_WEB = authorizationPolicy('shop/allow-web', {
  app: 'api',
  rules: [from({ serviceAccounts: ['shop/web'] })],
})
const ALLOW_MISTYPED = authorizationPolicy('shop/allow-frontend', {
  app: 'api',
  rules: [from({ serviceAccounts: ['shop/frontent'] })],
})
const DENY_DEV = authorizationPolicy('shop/deny-dev', {
  app: 'api',
  action: 'DENY',
  rules: [from({ namespaces: ['dev'] })],
})
const AT_SERVICE = authorizationPolicy('shop/at-service', {
  targetRefs: ['Service/api'],
  rules: [to({ methods: ['GET'] })],
})
const allowOnly = (account: string, app: string, annotations?: Labels): string =>
  authorizationPolicy('shop/allow-only-from-waypoint', {
    app,
    rules: [from({ serviceAccounts: [account] })],
    annotations,
  })
const ONLY_WAYPOINT = allowOnly('shop/waypoint', 'api')

interface Case {
  readonly kind: string
  readonly rule: string
  readonly rest: string
  /** The object with which the rule finds something in `rest`. */
  readonly variant: (annotations?: Labels) => string
  /** The object with which it finds nothing. */
  readonly other: string
}

const CASES: readonly Case[] = [
  {
    kind: 'Gateway',
    rule: 'waypoint-traffic-type',
    rest: shop({ waypoint: false, service: { waypoint: 'waypoint' } }),
    variant: (annotations) => waypoint('shop/waypoint', { for: 'workload', annotations }),
    other: waypoint('shop/waypoint', { for: 'all' }),
  },
  {
    kind: 'Gateway',
    rule: 'waypoint-wrong-class',
    rest: shop({ waypoint: false, service: { waypoint: 'waypoint' } }),
    variant: (annotations) => waypoint('shop/waypoint', { className: 'istio', annotations }),
    other: waypoint('shop/waypoint'),
  },
  {
    kind: 'Service',
    rule: 'headless-service-target',
    rest: documents(shop({ service: false }), AT_SERVICE, ONLY_WAYPOINT),
    variant: (annotations) => service('shop/api', { spec: { clusterIP: 'None' }, annotations }),
    other: service('shop/api'),
  },
  {
    kind: 'Service',
    rule: 'service-target-on-workload-waypoint',
    rest: documents(shop({ service: false, waypoint: { for: 'workload' } }), AT_SERVICE),
    variant: (annotations) => service('shop/api', { waypoint: 'waypoint', annotations }),
    other: service('shop/api', { waypoint: 'none' }),
  },
  {
    kind: 'Namespace',
    rule: 'l7-allow-rule-dropped',
    rest: documents(deployment('shop/api'), ALLOW_GET),
    variant: (annotations) => namespace('shop', { annotations }),
    other: namespace('shop', { labels: { 'istio.io/dataplane-mode': 'none' } }),
  },
  {
    kind: 'Namespace',
    rule: 'target-not-bound',
    rest: documents(shop({ namespace: false }), AT_SERVICE, ONLY_WAYPOINT),
    variant: (annotations) => namespace('shop', { waypoint: 'none', annotations }),
    other: namespace('shop', { waypoint: 'waypoint' }),
  },
  {
    kind: 'ServiceAccount',
    rule: 'unknown-service-account',
    rest: documents(AMBIENT_SHOP, ALLOW_MISTYPED),
    variant: (annotations) => serviceAccount('shop/frontend', { annotations }),
    other: serviceAccount('shop/frontent'),
  },
  {
    kind: 'Deployment',
    rule: 'selector-matches-nothing',
    rest: documents(namespace('shop'), deployment('shop/other'), DENY_DEV),
    variant: (annotations) => deployment('shop/api', { app: 'apy', annotations }),
    other: deployment('shop/api'),
  },
  {
    kind: 'Deployment',
    rule: 'unknown-service-account',
    rest: documents(AMBIENT_SHOP, ALLOW_MISTYPED),
    variant: (annotations) => deployment('shop/web', { serviceAccount: 'frontend', annotations }),
    other: deployment('shop/web', { serviceAccount: 'frontent' }),
  },
  {
    kind: 'Deployment',
    rule: 'l7-allow-rule-dropped',
    rest: documents(namespace('shop'), ALLOW_GET),
    variant: (annotations) => deployment('shop/api', { annotations }),
    other: deployment('shop/api', { podLabels: { 'istio.io/dataplane-mode': 'none' } }),
  },
  {
    kind: 'PeerAuthentication',
    rule: 'deny-misses-plaintext',
    rest: documents(AMBIENT_SHOP, DENY_DEV),
    variant: (annotations) =>
      peerAuthentication('shop/default', { mode: 'PERMISSIVE', annotations }),
    other: peerAuthentication('shop/default', { mode: 'STRICT' }),
  },
  {
    kind: 'AuthorizationPolicy',
    rule: 'waypoint-identity-denied',
    rest: documents(shop(), ALLOW_WEB),
    variant: (annotations) => allowOnly('shop/ingress', 'api', annotations),
    other: ONLY_WAYPOINT,
  },
  {
    kind: 'AuthorizationPolicy',
    rule: 'waypoint-bypass',
    rest: documents(shop(), AT_SERVICE),
    variant: (annotations) => allowOnly('shop/waypoint', 'apy', annotations),
    other: ONLY_WAYPOINT,
  },
]

const NOTE: Labels = { 'example.com/note': 'differs' }

/** The messages of a rule about the objects in `rest`. */
function confirmed({ rule, rest, variant }: Case, ...variants: readonly string[]): string[] {
  const [own] = resourcesOf(variant())
  return findingsOf(analyse(documents(rest, ...variants)))
    .filter((finding) => finding.rule === rule)
    .flatMap(({ place, message }) =>
      place.kind === 'field' &&
      !(place.resource.type === own?.type && place.resource.name === own.name)
        ? [`${place.resource.type} ${place.resource.name}: ${message}`]
        : [],
    )
}

describe.each(CASES)('the finding $rule about a $kind that other objects read', (each) => {
  const { variant, other, rest, rule } = each

  it('holds with one definition and not with the other', () => {
    expect(confirmed(each, variant()).length).toBeGreaterThan(0)
    expect(confirmed(each, other)).toEqual([])
  })

  it('is reported if it holds with every variant', () => {
    const alone = confirmed(each, variant())
    expect(confirmed(each, variant(), variant(NOTE))).toEqual(alone)
    expect(confirmed(each, variant(), variant())).toHaveLength(alone.length)
  })

  it('is not reported if it does not hold with one variant', () => {
    expect(confirmed(each, variant(), other)).toEqual([])
    expect(confirmed(each, other, variant())).toEqual([])
    expect(confirmed(each, variant(), variant(NOTE), other)).toEqual([])
  })

  it('is right after every edit of the second variant', () => {
    const files = { 'rest.yaml': rest, 'one.yaml': variant() }
    const analysis = analyse(files)
    for (const text of [variant(), other, variant(NOTE), undefined, other, undefined]) {
      analysis.update([{ file: 'two.yaml', text, open: true }])
      const fresh = analyse(text === undefined ? files : { ...files, 'two.yaml': text })
      expect(describeFindings(analysis), rule).toEqual(describeFindings(fresh))
    }
  })
})

it('a finding is checked again when an object changes that only one variant reads', () => {
  const analysis = analyse({
    'rest.yaml': documents(shop({ service: false, waypoint: { for: 'workload' } }), AT_SERVICE),
    'one.yaml': service('shop/api', { waypoint: 'waypoint' }),
    'two.yaml': service('shop/api', { waypoint: 'second' }),
  })
  const counts = [
    waypoint('shop/second', { for: 'service' }),
    waypoint('shop/second', { for: 'workload' }),
    undefined,
  ].map((text) => {
    analysis.update([{ file: 'second.yaml', text }])
    return analysis
      .findingsOf('rest.yaml')
      .filter(({ rule }) => rule === 'service-target-on-workload-waypoint').length
  })
  expect(counts).toEqual([0, 1, 0])
})
