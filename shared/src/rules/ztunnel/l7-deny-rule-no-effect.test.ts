import { expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  expectFixed,
  findingsOf,
  replaceIn,
  withoutArrows,
} from '../../testing/index.js'
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

it('marks the HTTP attribute of a DENY rule that matches nothing without it', () => {
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
#       ^^^^^^^ l7-deny-rule-no-effect: This DENY rule denies nothing at workload "api": ztunnel cannot match the HTTP attribute "methods".
  - when:
    - key: request.headers[x-forwarded-client]
#     ^^^ l7-deny-rule-no-effect: This DENY rule denies nothing at workload "api": ztunnel cannot match the HTTP attribute "request.headers[x-forwarded-cli…".
      values: [a]
`,
    { rules },
  )
  expect(found).toEqual(expected)
})

it('is a warning with an assumption for the example of the istio.io page as DENY', () => {
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
])('the DENY rule %s has %i findings', (rule, count) => {
  expect(compareMarked(deny(rule), { rules }).found.length).toBe(count)
})

it.each([
  [
    'the action is ALLOW',
    replaceIn(deny('- to: [{operation: {methods: [GET]}}]'), ['DENY', 'ALLOW']),
  ],
  [
    'the namespace is not in ambient mode',
    replaceIn(deny('- to: [{operation: {methods: [GET]}}]'), ['mode: ambient', 'mode: none']),
  ],
  [
    'the policy is a dry run',
    replaceIn(deny('- to: [{operation: {methods: [GET]}}]'), [
      'name: deny\n',
      'name: deny\n  annotations: {istio.io/dry-run: "true"}\n',
    ]),
  ],
])('reports nothing if %s', (_, text) => {
  expect(compareMarked(text, { rules }).found).toEqual([])
})

it('offers a safe fix that enforces the policy at the waypoint', () => {
  const policy = withoutArrows(l7DenyRuleNoEffectPage.bad).slice(AMBIENT_SHOP.length)
  const files = SHOP_BEHIND_WAYPOINT + policy
  expectFixed(
    files,
    { rule: l7DenyRuleNoEffect.name, title: 'Enforce at the waypoint with targetRefs' },
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
  expect(
    findingsOf(analyse(files)).find(({ rule }) => rule === l7DenyRuleNoEffect.name)?.fixes[0],
  ).toMatchObject({ preferred: true, safe: true })
})
