import { expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  expectFixed,
  findingsOf,
  replaceIn,
  withoutArrows,
} from '../../testing/index.js'
import { emptySelector } from './empty-selector.js'
import { emptySelectorPage } from './empty-selector.page.js'
import { AMBIENT_SHOP, SHOP_BEHIND_WAYPOINT } from '../support/examples.js'

const rules = [emptySelector.name]
const bad = withoutArrows(emptySelectorPage.bad)
const POLICY = bad.slice(AMBIENT_SHOP.length)

it('marks an empty selector', () => {
  const { found, expected } = compareMarked(
    `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: none
  namespace: shop
spec:
  selector:
# ^^^^^^^^ empty-selector: This policy is not enforced: an empty selector matches no workload in ambient mode. Its status still says Accepted.
    matchLabels: {}
  rules: []
`,
    { rules },
  )
  expect(found).toEqual(expected)
})

it('is a warning with an assumption if the files show only the policy', () => {
  expect(findingsOf(analyse(replaceIn(POLICY, ['  namespace: shop\n', ''])))).toMatchObject([
    {
      rule: emptySelector.name,
      level: 'warning',
      assumptions: ['the namespace it is applied to is ambient'],
    },
  ])
})

it('reports a policy of the root namespace if the mesh has captured workloads', () => {
  expect(
    compareMarked(
      replaceIn(bad, [
        'name: deny-outsiders\n  namespace: shop',
        'name: deny-outsiders\n  namespace: istio-system',
      ]),
      { rules },
    ).found.length,
  ).toBe(1)
})

it.each([
  [
    'the selector has labels',
    replaceIn(bad, ['selector: {}', 'selector: {matchLabels: {app: api}}']),
  ],
  ['the selector has no value', replaceIn(bad, ['selector: {}', 'selector:'])],
  [
    'the namespace uses sidecars',
    replaceIn(bad, ['istio.io/dataplane-mode: ambient', 'istio-injection: enabled']),
  ],
  [
    'the policy also has targetRefs',
    replaceIn(bad, [
      'selector: {}',
      'selector: {}\n  targetRefs: [{kind: Service, group: "", name: api}]',
    ]),
  ],
  [
    'the object is a PeerAuthentication',
    `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: p, namespace: shop}
spec: {selector: {}, mtls: {mode: STRICT}}
`,
  ],
])('reports nothing if %s', (_, text) => {
  expect(compareMarked(text, { rules }).found).toEqual([])
})

it('offers to remove the selector, as a safe fix for a DENY', () => {
  expectFixed(
    bad,
    { rule: emptySelector.name, title: 'Remove the selector' },
    replaceIn(bad, ['  selector: {}\n', '']),
  )
  const safety = (text: string): unknown =>
    findingsOf(analyse(text))
      .find(({ rule }) => rule === emptySelector.name)
      ?.fixes.find(({ title }) => title === 'Remove the selector')?.safe
  expect(safety(bad)).toBe(true)
  expect(safety(replaceIn(bad, ['DENY', 'ALLOW']))).toBe(false)
})

it('offers only the waypoint if ztunnel cannot enforce the policy', () => {
  const policy = replaceIn(POLICY, [
    'source:\n            notNamespaces',
    'source:\n            notRequestPrincipals',
  ])
  const files = SHOP_BEHIND_WAYPOINT + policy
  const fixed = expectFixed(files, {
    rule: emptySelector.name,
    title: 'Enforce at the waypoint with targetRefs',
  })
  expect(fixed['test.yaml']?.slice(SHOP_BEHIND_WAYPOINT.length)).toBe(
    replaceIn(policy, [
      '  selector: {}\n',
      '  targetRefs:\n    - kind: Gateway\n      group: gateway.networking.k8s.io\n      name: waypoint\n',
    ]),
  )
  expect(
    findingsOf(analyse(files)).find(({ rule }) => rule === emptySelector.name)?.fixes.length,
  ).toBe(1)
})

it('offers only the waypoint if ztunnel would see the waypoint instead of the clients', () => {
  const found = findingsOf(analyse(SHOP_BEHIND_WAYPOINT + POLICY)).find(
    ({ rule }) => rule === emptySelector.name,
  )
  expect(found?.fixes.map(({ title }) => title)).toEqual([
    'Enforce at the waypoint with targetRefs',
  ])
})
