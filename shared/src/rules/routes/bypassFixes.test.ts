import { it } from 'vitest'
import { expectFixed, replaceIn } from '../../testing/index.js'
import { ALLOW_GET, from, GATEWAY_REF, GET } from '../../testing/waypointPolicies.js'
import { COMPANION, policyText, SHOP } from '../support/examples.js'
import { waypointBypass } from './waypoint-bypass.js'

const rule = waypointBypass.name

it('offers STRICT where only plaintext clients bypass the waypoint', () => {
  const allTraffic = replaceIn(SHOP, ['waypoint-for: service', 'waypoint-for: all'])
  const text = `${allTraffic}---\n${policyText('allow-get', GATEWAY_REF + GET)}`
  expectFixed(
    text,
    { rule, title: 'Set mutual TLS to STRICT' },
    `${text}---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: api-strict
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  mtls:
    mode: STRICT
`,
  )
})

it('adds the companion policy', () => {
  const text = `${SHOP}---\n${ALLOW_GET}`
  expectFixed(
    text,
    { rule, title: 'Allow only traffic from the waypoint' },
    `${text}---
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

it('binds the policy that allows direct access to the waypoint', () => {
  const other = policyText(
    'allow-web',
    `selector: # the front door\n  matchLabels:\n    app: api\n${from('shop/web')}`,
  )
  const text = (last: string): string => [SHOP, ALLOW_GET, COMPANION, last].join('---\n')
  expectFixed(
    text(other),
    { rule, title: 'Enforce "allow-web" at the waypoint' },
    text(
      replaceIn(other, [
        '  selector: # the front door\n    matchLabels:\n      app: api\n',
        '  targetRefs:\n  - kind: Service\n    group: ""\n    name: api\n',
      ]),
    ),
  )
})
