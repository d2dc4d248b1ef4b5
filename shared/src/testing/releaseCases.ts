import { EGRESS_RELEASE_CASES } from './egressReleaseCases.js'
import type { ReleaseFact } from '../vocabulary/releases.js'
import {
  authorizationPolicy,
  documents,
  from,
  namespace,
  object,
  serviceEntry,
  to,
  waypoint,
} from './index.js'
import {
  type ReleaseCase,
  api,
  SHOP,
  ROOT,
  BEHIND_WAYPOINT,
  request,
  verdict,
  sameEffect,
  sameVerdict,
  sameStatus,
  sameFindings,
  byTargets,
  byStatus,
  unless,
} from './releaseViews.js'
import { ROUTE_RELEASE_CASES } from './routeReleaseCases.js'

/** What each part of the product says before a fact's release, and since. */
export const RELEASE_CASES: Readonly<Record<ReleaseFact, ReleaseCase>> = {
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
  ...EGRESS_RELEASE_CASES,
  ...ROUTE_RELEASE_CASES,
  requiredTokens: {
    files: documents(
      SHOP,
      BEHIND_WAYPOINT,
      object('RequestAuthentication', 'shop/p', {
        spec: {
          targetRefs: [{ kind: 'Service', group: '', name: 'api' }],
          jwtRules: [{ issuer: 'https://issuer.example', presence: 'REQUIRED' }],
        },
      }),
    ),
    before: 'a token is optional',
    since: 'a token is required',
    explain: (views) => {
      const explanation = views.explain('Service', 'shop', 'api')
      return 'facts' in explanation && explanation.facts.some((fact) => fact.includes('token'))
        ? 'a token is required'
        : 'a token is optional'
    },
    evaluate: (views) =>
      verdict(views) === 'deny' ? 'a token is required' : 'a token is optional',
    status: sameStatus,
    check: unless('invalid-resource', 'a token is required', 'a token is optional'),
  },
  httpRouteTargets: {
    flags: { ENABLE_GATEWAY_API_HTTPROUTE_AUTH: true },
    files: documents(
      SHOP,
      BEHIND_WAYPOINT,
      object('HTTPRoute', 'shop/orders', {
        spec: {
          parentRefs: [{ kind: 'Service', group: '', name: 'api' }],
          rules: [{ backendRefs: [{ name: 'api', port: 80 }] }],
        },
      }),
      authorizationPolicy('shop/p', {
        targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: 'orders' }],
        action: 'DENY',
        rules: [{}],
      }),
    ),
    before: 'rejected',
    since: 'accepted',
    explain: (views) =>
      views.explain('AuthorizationPolicy', 'shop', 'p').summary.includes('rejected')
        ? 'rejected'
        : 'accepted',
    evaluate: (views) => (verdict(views) === 'undecided' ? 'accepted' : 'rejected'),
    status: sameStatus,
    check: unless('target-kind-not-supported', 'accepted', 'rejected'),
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
  trustDomainFields: {
    files: documents(
      SHOP,
      BEHIND_WAYPOINT,
      authorizationPolicy('shop/p', {
        targetRefs: ['Service/api'],
        action: 'DENY',
        rules: [from({ trustDomains: ['*'] })],
      }),
    ),
    before: 'rejected',
    since: 'accepted',
    explain: (views) =>
      JSON.stringify(views.explain('AuthorizationPolicy', 'shop', 'p')).includes(
        'rejected by the API server',
      )
        ? 'rejected'
        : 'accepted',
    evaluate: (views) => (verdict(views) === 'deny' ? 'accepted' : 'rejected'),
    status: (views) => (views.status('p') ? 'accepted' : 'rejected'),
    check: unless('invalid-resource', 'accepted', 'rejected'),
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
