import { it } from 'vitest'
import { expectFixed, replaceIn } from '../../testing/index.js'
import { SHOP } from '../support/examples.js'
import { waypointIdentityDenied } from './waypoint-identity-denied.js'

const rule = waypointIdentityDenied.name

const TAIL = `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-web
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api # the front door
  action: ALLOW
  rules:
    - from:
        - source:
            serviceAccounts: ["shop/web"] # the shop itself
`

it('offers a fix that moves the policy to the waypoint and allows only the waypoint at ztunnel', () => {
  expectFixed(
    SHOP + TAIL,
    { rule, title: 'Enforce at the waypoint and allow only traffic from the waypoint' },
    `${SHOP}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-web
  namespace: shop
spec:
  targetRefs:
    - kind: Service
      group: ""
      name: api
  action: ALLOW
  rules:
    - from:
        - source:
            serviceAccounts: ["shop/web"] # the shop itself
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-only-from-waypoint
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: ALLOW
  rules:
    - from:
        - source:
            serviceAccounts:
              - shop/waypoint
`,
  )
})

it('offers a fix that adds the waypoint to a list of service accounts', () => {
  const title = "Allow the waypoint's service account: every client of the waypoint is then allowed"
  expectFixed(
    SHOP + TAIL,
    { rule, title },
    SHOP + replaceIn(TAIL, ['["shop/web"]', '["shop/web", shop/waypoint]']),
  )
})

it('offers a fix that adds the waypoint as a source beside principals', () => {
  const title = "Allow the waypoint's service account: every client of the waypoint is then allowed"
  const byPrincipal = replaceIn(TAIL, [
    'serviceAccounts: ["shop/web"]',
    'principals: ["*/ns/shop/sa/web"]',
  ])
  expectFixed(
    SHOP + byPrincipal,
    { rule, title },
    `${SHOP}${byPrincipal}        - source:
            serviceAccounts:
              - shop/waypoint
`,
  )
})
