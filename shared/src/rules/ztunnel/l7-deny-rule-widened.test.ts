import { expect, it } from 'vitest'
import { compareMarked, expectFixed, replaceIn, withoutArrows } from '../../testing/index.js'
import { l7DenyRuleWidened } from './l7-deny-rule-widened.js'
import { l7DenyRuleWidenedPage } from './l7-deny-rule-widened.page.js'
import { AMBIENT_SHOP, SHOP_BEHIND_WAYPOINT } from '../support/examples.js'

const rules = [l7DenyRuleWidened.name]
const deny = (rule: string): string => `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: deny
  namespace: shop
spec:
  action: DENY
  rules:
  ${rule}
`

it('marks the ignored attribute and names the denied connections', () => {
  const { found, expected } = compareMarked(
    `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: deny
  namespace: shop
spec:
  action: DENY
  rules:
  - from:
    - source:
        namespaces: ["web"]
    to:
    - operation:
        ports: ["8080"]
        methods: ["DELETE"]
#       ^^^^^^^ l7-deny-rule-widened: This rule denies every connection to port 8080 from namespace web: ztunnel ignores the HTTP attribute "methods".
`,
    { rules },
  )
  expect(found).toEqual(expected)
})

it.each([
  [
    '- to: [{operation: {methods: [GET]}}, {operation: {ports: ["80", "81"]}}]',
    'every connection to port 80 or 81',
  ],
  [
    '- from: [{source: {principals: ["*/sa/x"], requestPrincipals: [b]}}]',
    'every connection from */sa/x',
  ],
  [
    '- from: [{source: {notServiceAccounts: [a], requestPrincipals: [b]}}, {source: {ipBlocks: [10.0.0.0/8]}}]',
    'every connection from a service account other than shop/a or from 10.0.0.0/8',
  ],
  [
    `- from: [{source: {principals: ["${'x'.repeat(90)}"], requestPrincipals: [b]}}]`,
    'every connection that its other attributes match',
  ],
])('the rule %s denies %s', (rule, denied) => {
  expect(
    compareMarked(deny(rule), { rules }).found.map(
      (line) => / denies (.*): ztunnel /.exec(line)?.[1],
    ),
  ).toEqual([denied])
})

it.each([
  ['the rule has no other attribute', deny('- to: [{operation: {methods: [GET]}}]')],
  ['the rule has no HTTP attribute', deny('- to: [{operation: {ports: ["80"]}}]')],
  [
    'the namespace is not in ambient mode',
    replaceIn(l7DenyRuleWidenedPage.bad, ['mode: ambient', 'mode: none']),
  ],
])('reports nothing if %s', (_, text) => {
  expect(compareMarked(text, { rules }).found).toEqual([])
})

it('offers a fix that enforces the policy at the waypoint', () => {
  const policy = withoutArrows(l7DenyRuleWidenedPage.bad).slice(AMBIENT_SHOP.length)
  expectFixed(
    SHOP_BEHIND_WAYPOINT + policy,
    {
      rule: l7DenyRuleWidened.name,
      title: 'Enforce at the waypoint with targetRefs: clients that bypass it are then allowed',
    },
    SHOP_BEHIND_WAYPOINT +
      replaceIn(policy, [
        / {2}selector:\n.*\n.*\n/,
        `  targetRefs:
    - kind: Service
      group: ""
      name: api
`,
      ]),
  )
})
