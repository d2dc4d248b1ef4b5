import { expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  expectFixed,
  findingsOf,
  replaceIn,
  withoutArrows,
} from '../../testing/index.js'
import { actionNotEnforced } from './action-not-enforced.js'
import { actionNotEnforcedPage } from './action-not-enforced.page.js'
import { AMBIENT_SHOP, SHOP_BEHIND_WAYPOINT } from '../support/examples.js'

const rules = [actionNotEnforced.name]
const bad = withoutArrows(actionNotEnforcedPage.bad)
const POLICY = bad.slice(AMBIENT_SHOP.length)

it('marks the action CUSTOM or AUDIT of a policy at ztunnel', () => {
  const { found, expected } = compareMarked(
    `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: log
  namespace: shop
spec:
  action: AUDIT
  #       ^^^^^ action-not-enforced: This policy is not enforced at workload "api": ztunnel does not support AUDIT.
  rules:
  - {}
`,
    { rules },
  )
  expect(found).toEqual(expected)
})

it('is a warning with an assumption if the files show only the policy', () => {
  const found = findingsOf(analyse(replaceIn(POLICY, ['  namespace: shop\n', '']))).filter(
    ({ rule }) => rule === rules[0],
  )
  expect(found.map(({ level, assumptions }) => [level, assumptions])).toEqual([
    ['warning', ['the namespace it is applied to is ambient']],
  ])
})

it.each([
  ['the action is DENY', replaceIn(bad, ['action: CUSTOM', 'action: DENY'])],
  [
    'the policy has targetRefs',
    replaceIn(bad, [
      / {2}selector:\n {4}matchLabels:\n {6}app: api\n {2}action/,
      '  targetRefs: [{kind: Service, group: "", name: api}]\n  action',
    ]),
  ],
  ['the workload is not captured', replaceIn(bad, ['mode: ambient', 'mode: none'])],
  [
    'the policy is for a gateway',
    replaceIn(bad, [/app: api\n {2}action/, 'istio: ingressgateway\n  action']),
  ],
])('reports nothing if %s', (_, text) => {
  expect(compareMarked(text, { rules }).found).toEqual([])
})

it('offers a fix that enforces the policy at the waypoint', () => {
  expectFixed(
    SHOP_BEHIND_WAYPOINT + POLICY,
    { rule: actionNotEnforced.name, title: 'Enforce at the waypoint with targetRefs' },
    SHOP_BEHIND_WAYPOINT +
      replaceIn(POLICY, [
        / {2}selector:\n.*\n.*\n/,
        `  targetRefs:
    - kind: Service
      group: ""
      name: api
`,
      ]),
  )
})

it.each([
  ['an empty selector', '{}', 'AUDIT', 1],
  ['empty matchLabels', '{matchLabels: {}}', 'CUSTOM', 1],
  ['an empty selector and an action that ztunnel has', '{}', 'ALLOW', 0],
  ['labels of no workload', '{matchLabels: {app: gone}}', 'AUDIT', 0],
])('counts the workloads of the namespace for %s', (_, selector, action, count) => {
  const provider = action === 'CUSTOM' ? '  provider: {name: opa}\n' : ''
  const text = `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: watch, namespace: shop}
spec:
  selector: ${selector}
  action: ${action}
${provider}  rules:
  - to: [{operation: {methods: [GET]}}]
`
  expect(findingsOf(analyse(text)).filter(({ rule }) => rule === rules[0])).toHaveLength(count)
})
