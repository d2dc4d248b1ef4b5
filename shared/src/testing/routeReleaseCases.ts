import { authorizationPolicy, documents, object } from './index.js'
import {
  BEHIND_WAYPOINT,
  sameEffect,
  sameFindings,
  sameStatus,
  SHOP,
  verdict,
  type ReleaseCase,
} from './releaseViews.js'

/** `RELEASE_CASES` about the routes of a waypoint. */
export const ROUTE_RELEASE_CASES = {
  severalRoutesAtWaypoint: {
    files: documents(
      SHOP,
      BEHIND_WAYPOINT,
      authorizationPolicy('shop/p', { rules: [{}] }),
      ...[{ match: [{ uri: { exact: '/other' } }] }, {}].map((route, index) =>
        object('VirtualService', `shop/routes-${String(index)}`, {
          spec: {
            hosts: ['api'],
            http: [{ ...route, route: [{ destination: { host: 'api' } }] }],
          },
        }),
      ),
    ),
    before: 'one of both has the routes',
    since: 'both have the routes',
    explain: sameEffect,
    evaluate: (views) =>
      verdict(views) === 'allow' ? 'both have the routes' : 'one of both has the routes',
    status: sameStatus,
    check: sameFindings,
  },
} satisfies Readonly<Record<string, ReleaseCase>>
