import { describe, expect, it } from 'vitest'
import type { AccessRequest } from '../access/request.js'
import type { ServiceOptions } from '../testing/builders.js'
import {
  authorizationPolicy,
  deployment,
  documents,
  from,
  namespace,
  object,
  service,
  serviceEntry,
  to,
  Views,
  waypoint,
} from '../testing/index.js'
import { RELEASE_FACTS, type ReleaseFact } from '../vocabulary/releases.js'

/** The effect that one part of the product reports, in the words of the case. */
type View = (views: Views) => string | undefined
/** An answer of a part that the fact does not change: it is the same in both releases. */
type Same = (views: Views) => unknown

interface Case {
  readonly files: string
  readonly flags?: Readonly<Record<string, boolean>>
  readonly before: string
  readonly since: string
  readonly explain: View | { readonly same: Same }
  readonly evaluate: View | { readonly same: Same }
  readonly status: View | { readonly same: Same }
  readonly check: View | { readonly same: Same }
}

/** Service and Deployment `api`. */
const api = (options: ServiceOptions = {}): string =>
  documents(service('shop/api', options), deployment('shop/api'))
const SHOP = namespace('shop')
const ROOT = namespace('istio-system', { ambient: false })
/** The waypoint `shop/waypoint` and the Service that uses it. */
const BEHIND_WAYPOINT = documents(waypoint('shop/waypoint'), api({ waypoint: 'waypoint' }))

const request = (
  target: AccessRequest['to'] = { service: 'shop/api', port: 80 },
): AccessRequest => ({
  from: { namespace: 'shop', serviceAccount: 'web', ip: '10.0.0.9' },
  to: target,
  http: { method: 'GET' },
})
const verdict = (views: Views): string => views.evaluate(request()).verdict
const rules = (views: Views, name = 'p'): string[] => views.findings(name).map(({ rule }) => rule)
/** The explanation without the status, which is another part. */
const effectOf = (views: Views): unknown => ({
  ...views.explain('AuthorizationPolicy', 'shop', 'p'),
  status: undefined,
})
const sameEffect = { same: effectOf }
const sameVerdict = { same: (views: Views) => ({ ...views.evaluate(request()), hops: [] }) }
const sameStatus = { same: (views: Views) => views.status('p') }
const sameFindings = { same: (views: Views) => rules(views) }
/** `enforced` or `not enforced`, by the targets of the policy. */
const byTargets =
  (at: string): View =>
  (views) => {
    const explanation = views.explain('AuthorizationPolicy', at, 'p')
    return 'targets' in explanation &&
      explanation.targets.some(({ enforcedBy }) => enforcedBy !== 'nobody')
      ? 'enforced'
      : 'not enforced'
  }
const missingInExplanation: View = (views) => {
  const explanation = views.explain('ServiceEntry', 'shop', 'ext')
  return 'status' in explanation && explanation.status?.type === 'istio.io/WaypointMissing'
    ? 'reported'
    : 'not reported'
}
const byStatus: View = (views) =>
  views.status('p')?.status === 'True' ? 'enforced' : 'not enforced'
const unless =
  (rule: string, without: string, withIt: string): View =>
  (views) =>
    rules(views).includes(rule) ? withIt : without

const CASES: Readonly<Record<ReleaseFact, Case>> = {
  gatewayClassTargets: {
    files: documents(
      SHOP,
      ROOT,
      BEHIND_WAYPOINT,
      authorizationPolicy('istio-system/p', {
        targetRefs: ['GatewayClass/istio-waypoint'],
        action: 'DENY',
        rules: [{}],
      }),
    ),
    before: 'not enforced',
    since: 'enforced',
    explain: byTargets('istio-system'),
    evaluate: (views) => (verdict(views) === 'deny' ? 'enforced' : 'not enforced'),
    status: byStatus,
    check: unless('gateway-class-not-enforced', 'enforced', 'not enforced'),
  },
  layeredWaypointPolicies: {
    flags: { ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES: true },
    files: documents(SHOP, ROOT, BEHIND_WAYPOINT, authorizationPolicy('istio-system/p')),
    before: 'not enforced at the waypoint',
    since: 'unknown at the waypoint',
    explain: (views) => {
      const explanation = views.explain('Gateway', 'shop', 'waypoint')
      const entry =
        'policies' in explanation
          ? explanation.policies.find(({ name }) => name === 'istio-system/p')
          : undefined
      return entry?.enforcedBy === 'unknown'
        ? 'unknown at the waypoint'
        : 'not enforced at the waypoint'
    },
    evaluate: (views) =>
      views.evaluate(request()).hops[0]?.verdict === 'undecided'
        ? 'unknown at the waypoint'
        : 'not enforced at the waypoint',
    status: sameStatus,
    check: unless(
      'root-deny-all-misses-waypoints',
      'unknown at the waypoint',
      'not enforced at the waypoint',
    ),
  },
  dryRunAtZtunnel: {
    flags: { AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY: true },
    files: documents(
      SHOP,
      api(),
      authorizationPolicy('shop/p', {
        action: 'DENY',
        rules: [{}],
        annotations: { 'istio.io/dry-run': 'true' },
      }),
    ),
    before: 'not sent',
    since: 'sent',
    explain: (views) => (byTargets('shop')(views) === 'enforced' ? 'sent' : 'not sent'),
    evaluate: sameVerdict,
    status: (views) => (views.status('p')?.status === 'True' ? 'sent' : 'not sent'),
    check: unless('dry-run-not-enforced', 'sent', 'not sent'),
  },
  canaryWaypoints: {
    files: documents(
      SHOP,
      waypoint('shop/waypoint'),
      waypoint('shop/canary'),
      api({
        waypoint: 'waypoint',
        labels: { 'istio.io/use-waypoint-canary': 'canary' },
        annotations: { 'istio.io/use-waypoint-canary-weight': '100' },
      }),
      authorizationPolicy('shop/p', {
        app: 'api',
        rules: [from({ principals: ['cluster.local/ns/shop/sa/waypoint'] })],
      }),
    ),
    before: 'allowed, the pods see the waypoint',
    since: 'denied, the pods see the canary',
    explain: (views) => {
      const explanation = views.explain('AuthorizationPolicy', 'shop', 'p')
      const identities =
        'targets' in explanation
          ? explanation.targets.map(({ sourceIdentity }) => sourceIdentity)
          : []
      return identities.join() === 'cluster.local/ns/shop/sa/canary'
        ? 'denied, the pods see the canary'
        : identities.join() === 'cluster.local/ns/shop/sa/waypoint'
          ? 'allowed, the pods see the waypoint'
          : identities.join()
    },
    evaluate: (views) =>
      verdict(views) === 'deny'
        ? 'denied, the pods see the canary'
        : 'allowed, the pods see the waypoint',
    status: { same: (views) => views.status('api') },
    check: unless(
      'waypoint-identity-denied',
      'allowed, the pods see the waypoint',
      'denied, the pods see the canary',
    ),
  },
  serviceEntryVisibility: {
    files: documents(
      object('IstioOperator', 'istio-system/install', {
        spec: {
          profile: 'ambient',
          meshConfig: { serviceEntryVisibility: { defaultVisibility: 'NAMESPACE' } },
        },
      }),
      SHOP,
      namespace('infra', { ambient: false }),
      waypoint('infra/waypoint', { allowedNamespaces: 'All' }),
      serviceEntry('shop/ext', {
        waypoint: 'infra/waypoint',
        spec: { addresses: ['10.1.1.1'] },
      }),
      authorizationPolicy('shop/p', {
        targetRefs: ['ServiceEntry/ext'],
        action: 'DENY',
        rules: [{}],
      }),
    ),
    before: 'enforced',
    since: 'not enforced',
    explain: byTargets('shop'),
    evaluate: (views) =>
      views.evaluate(request({ host: 'ext.example.com', port: 80 })).verdict === 'deny'
        ? 'enforced'
        : 'not enforced',
    status: byStatus,
    check: unless('target-not-bound', 'enforced', 'not enforced'),
  },
  addressesOfServiceEntries: {
    files: documents(
      SHOP,
      waypoint('shop/waypoint'),
      serviceEntry('shop/ext', { waypoint: 'waypoint', spec: { resolution: 'DNS' } }),
      authorizationPolicy('shop/p', {
        targetRefs: ['ServiceEntry/ext'],
        action: 'DENY',
        rules: [{}],
      }),
    ),
    before: 'not enforced',
    since: 'enforced',
    explain: byTargets('shop'),
    evaluate: (views) =>
      views.evaluate(request({ host: 'ext.example.com', port: 80 })).verdict === 'deny'
        ? 'enforced'
        : 'not enforced',
    status: sameStatus,
    check: (views) =>
      rules(views, 'ext').includes('service-entry-not-captured') ? 'not enforced' : 'enforced',
  },
  waypointMissing: {
    files: documents(
      SHOP,
      serviceEntry('shop/ext', { spec: { hosts: ['*.example.com'], resolution: 'DYNAMIC_DNS' } }),
      authorizationPolicy('shop/p'),
    ),
    before: 'not reported',
    since: 'reported',
    explain: missingInExplanation,
    evaluate: sameVerdict,
    status: (views) => (views.status('ext') ? 'reported' : 'not reported'),
    check: sameFindings,
  },
  connectStrategy: {
    files: documents(
      SHOP,
      serviceEntry('shop/ext', {
        annotations: { 'istio.io/connect-strategy': 'RACE_FIRST_TCP_CONNECT' },
        spec: { resolution: 'DNS' },
      }),
      authorizationPolicy('shop/p'),
    ),
    before: 'not reported',
    since: 'reported',
    explain: missingInExplanation,
    evaluate: sameVerdict,
    status: (views) => (views.status('ext') ? 'reported' : 'not reported'),
    check: sameFindings,
  },
  statusOfIdleDeny: {
    files: documents(
      SHOP,
      api(),
      authorizationPolicy('shop/p', { action: 'DENY', rules: [to({ methods: ['GET'] })] }),
    ),
    before: 'enforced according to the status',
    since: 'without effect',
    explain: sameEffect,
    evaluate: sameVerdict,
    status: (views) =>
      views.status('p')?.message.includes('will have no effect') === true
        ? 'without effect'
        : 'enforced according to the status',
    check: sameFindings,
  },
  serviceAccountFields: {
    files: documents(
      SHOP,
      api(),
      authorizationPolicy('shop/p', {
        rules: [from({ principals: ['spiffe://cluster.local/ns/shop/sa/web'] })],
      }),
    ),
    before: 'not offered',
    since: 'offered',
    explain: sameEffect,
    evaluate: sameVerdict,
    status: sameStatus,
    check: (views) =>
      views
        .findings('p')
        .some(({ fixes }) => fixes.some(({ title }) => title.includes('serviceAccounts')))
        ? 'offered'
        : 'not offered',
  },
  stableApiVersions: {
    files: documents(
      SHOP,
      api(),
      object('AuthorizationPolicy', 'shop/p', {
        apiVersion: 'security.istio.io/v1beta1',
        spec: { rules: [{}] },
      }),
    ),
    before: 'the newest version',
    since: 'an old version',
    explain: sameEffect,
    evaluate: sameVerdict,
    status: sameStatus,
    check: unless('deprecated-api-version', 'the newest version', 'an old version'),
  },
}

const PARTS = ['explain', 'evaluate', 'status', 'check'] as const
const release = (minor: number): string => `1.${minor}`

describe.each(Object.keys(CASES) as ReleaseFact[])('the release fact %s', (fact) => {
  const { files, flags, before, since, ...parts } = CASES[fact]
  const first = Number(RELEASE_FACTS[fact].since.slice('1.'.length))
  const viewsIn = (minor: number): Views =>
    new Views(files, { istioVersion: release(minor), ...(flags ? { flags } : {}) })

  it.each([
    ['before', first - 1, before],
    ['since', first, since],
  ])('explain, evaluate, status and check agree %s its release', (_, minor, expected) => {
    const views = viewsIn(minor)
    const answers = PARTS.flatMap((part) => {
      const view = parts[part]
      return typeof view === 'function' ? [[part, view(views)] as const] : []
    })
    expect(answers).toEqual(answers.map(([part]) => [part, expected]))
    expect(answers).not.toEqual([])
  })

  it('the other parts answer the same before and since its release', () => {
    for (const part of PARTS) {
      const view = parts[part]
      if (typeof view === 'function') continue
      expect(view.same(viewsIn(first)), part).toEqual(view.same(viewsIn(first - 1)))
    }
  })
})
