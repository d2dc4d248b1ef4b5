import { authorizationPolicy, deployment, documents, serviceEntry, waypoint } from './index.js'
import type { ReleaseFact } from '../vocabulary/releases.js'
import {
  byTargets,
  request,
  rules,
  sameEffect,
  sameFindings,
  sameStatus,
  sameVerdict,
  SHOP,
  type ReleaseCase,
  type View,
} from './releaseViews.js'

const missingInExplanation: View = (views) => {
  const explanation = views.explain('ServiceEntry', 'shop', 'ext')
  return 'status' in explanation && explanation.status?.type === 'istio.io/WaypointMissing'
    ? 'reported'
    : 'not reported'
}

/** The cases of ServiceEntries. */
export const EGRESS_RELEASE_CASES = {
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
  portNamesOfServiceEntries: {
    files: documents(
      SHOP,
      deployment('shop/api', { ports: [{ name: 'http', containerPort: 8080 }] }),
      deployment('shop/web', { podAnnotations: { 'ambient.istio.io/dns-capture': 'true' } }),
      serviceEntry('shop/ext', {
        spec: {
          addresses: ['198.51.100.7'],
          resolution: 'STATIC',
          ports: [{ number: 80, name: 'http', protocol: 'HTTP', targetPort: 9999 }],
          workloadSelector: { labels: { app: 'api' } },
        },
      }),
      authorizationPolicy('shop/p', { rules: [{ to: [{ operation: { ports: ['9999'] } }] }] }),
    ),
    before: '9999',
    since: '8080',
    explain: sameEffect,
    evaluate: (views) => {
      const { hops } = views.evaluate(request({ host: 'ext.example.com', port: 80 }))
      return hops.map(({ port }) => port).join()
    },
    status: sameStatus,
    check: sameFindings,
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
} as const satisfies Partial<Record<ReleaseFact, ReleaseCase>>
