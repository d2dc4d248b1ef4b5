import { expect, it } from 'vitest'
import { analyse, compareMarked, expectFixed, findingsOf } from '../../testing/index.js'
import { l7DenyRuleNoEffect } from './l7-deny-rule-no-effect.js'
import { l7DenyRuleNoEffectPage } from './l7-deny-rule-no-effect.page.js'
import { AMBIENT_SHOP, SHOP_BEHIND_WAYPOINT } from '../support/examples.js'

const rules = [l7DenyRuleNoEffect.name]
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

it('marks the HTTP attribute that leaves nothing', () => {
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
        principals: ["cluster.local/ns/web/sa/web"]
    to:
    - operation:
        methods: ["DELETE"]
#       ^^^^^^^ l7-deny-rule-no-effect: ztunnel cannot match "methods": this DENY rule matches nothing, so what it should stop at workload "api" is let through.
  - when:
    - key: request.headers[x-forwarded-client]
#     ^^^ l7-deny-rule-no-effect: ztunnel cannot match "request.headers[x-forwarded-cli…": this DENY rule matches nothing and lets through what it should stop.
      values: [a]
`,
    { rules },
  )
  expect(found).toEqual(expected)
})

it('is a warning for the example of the istio.io page as DENY, alone in its folder', () => {
  const [finding, ...others] = findingsOf(
    analyse(`apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
 name: deny-sleep-to-httpbin
spec:
 selector:
   matchLabels:
     app: httpbin
 action: DENY
 rules:
 - from:
   - source:
       principals:
       - cluster.local/ns/ambient-demo/sa/sleep
   to:
   - operation:
       methods: ["GET"]
`),
  )
  expect(others).toEqual([])
  expect(finding).toMatchObject({
    rule: 'l7-deny-rule-no-effect',
    level: 'warning',
    assumptions: ['the namespace it is applied to is ambient'],
  })
})

it.each([
  ['- to: [{operation: {methods: [GET]}}]', 1],
  ['- from: [{source: {namespaces: [a]}}]\n    to: [{operation: {methods: [GET]}}]', 1],
  ['- when: [{key: source.namespace, values: [a]}, {key: connection.sni, values: [b]}]', 1],
  ['- from: [{source: {requestPrincipals: [a]}}]', 1],
  ['- to: [{operation: {ports: ["80"], methods: [GET]}}]', 0],
  ['- to: [{operation: {methods: [GET]}}, {operation: {ports: ["80"]}}]', 0],
  ['- from: [{source: {namespaces: [a], requestPrincipals: [b]}}]', 0],
  ['- from: [{source: {namespaces: [a]}}]', 0],
  ['- {}', 0],
])('%s: %i findings', (rule, count) => {
  expect(compareMarked(deny(rule), { rules }).found.length).toBe(count)
})

it.each([
  ['the action is another', deny('- to: [{operation: {methods: [GET]}}]').replace('DENY', 'ALLOW')],
  [
    'the namespace is not ambient',
    deny('- to: [{operation: {methods: [GET]}}]').replace('mode: ambient', 'mode: none'),
  ],
  [
    'the policy is a dry run',
    deny('- to: [{operation: {methods: [GET]}}]').replace(
      'name: deny\n',
      'name: deny\n  annotations: {istio.io/dry-run: "true"}\n',
    ),
  ],
])('is silent where %s', (_, text) => {
  expect(compareMarked(text, { rules }).found).toEqual([])
})

it('is fixed by binding to the waypoint, safely', () => {
  const policy = l7DenyRuleNoEffectPage.bad.slice(AMBIENT_SHOP.length)
  const files = SHOP_BEHIND_WAYPOINT + policy
  expectFixed(
    files,
    { rule: l7DenyRuleNoEffect.name, title: 'Bind to waypoint via targetRefs' },
    SHOP_BEHIND_WAYPOINT +
      policy.replace(
        / {2}selector:\n.*\n.*\n/,
        `  targetRefs:
    - kind: Service
      group: ""
      name: api
`,
      ),
  )
  expect(
    findingsOf(analyse(files)).find(({ rule }) => rule === l7DenyRuleNoEffect.name)?.fixes[0],
  ).toMatchObject({ preferred: true, safe: true })
})
