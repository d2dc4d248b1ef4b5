import { expect, it } from 'vitest'
import { analyse, compareMarked, expectFixed, findingsOf } from '../../testing/index.js'
import { policyText } from '../support/examples.js'
import { targetNamespaceSet } from './target-namespace-set.js'

const rule = targetNamespaceSet.name

const targeting = (refs: string, namespace = 'shop', source = 'web/web'): string =>
  policyText(
    'p',
    `targetRefs:\n${refs}rules:\n- from:\n  - source:\n      serviceAccounts: ["${source}"]`,
    namespace,
  )
const service = (namespace: string): string =>
  `- kind: Service\n  group: ""\n  name: api\n  namespace: ${namespace}\n`

function titles(text: string): string[] {
  return findingsOf(analyse(text))
    .filter((finding) => finding.rule === rule)
    .flatMap(({ fixes }) => fixes.map(({ title }) => title))
}

it('marks the namespace, once, on both kinds of policy', () => {
  const { found, expected } = compareMarked(
    `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: p
  namespace: shop
spec:
  targetRefs:
  - {kind: Service, name: api}
  - kind: Service
    name: web
    namespace: web
#              ^^^ target-namespace-set: A targetRef cannot name a namespace: the API server refuses this AuthorizationPolicy, so nothing of it is enforced.
  rules:
  - {}
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata:
  name: p
  namespace: shop
spec:
  targetRef:
    kind: Service
    name: web
    namespace: shop
#              ^^^^ target-namespace-set: A targetRef cannot name a namespace: the API server refuses this RequestAuthentication, so nothing of it is enforced.
`,
    { rules: ['target-namespace-set'] },
  )
  expect(found).toEqual(expected)
})

it.each([
  ['none', targeting('- kind: Service\n  group: ""\n  name: api\n')],
  ['an empty one', targeting(service('""'))],
  ['one that another tool fills in', targeting(service('${NAMESPACE}'))],
])('says nothing of %s', (_, text) => {
  expect(findingsOf(analyse(text)).filter((finding) => finding.rule === rule)).toEqual([])
})

it('removes the namespace of the policy itself', () => {
  expectFixed(
    targeting(service('shop # ours')),
    { rule, title: 'Remove the namespace' },
    targeting('- kind: Service\n  group: ""\n  name: api\n'),
  )
})

it('moves the policy to its target', () => {
  expectFixed(
    targeting(service('infra')),
    { rule, title: 'Move the policy to namespace "infra"' },
    targeting('- kind: Service\n  group: ""\n  name: api\n', 'infra'),
  )
})

it.each([
  [
    'it has targets in two places',
    targeting(service('infra') + service('shop')),
    ['Remove the namespace'],
  ],
  ['it names accounts of its namespace', targeting(service('infra'), 'shop', 'web'), []],
  [
    'there is a policy of its name',
    `${targeting(service('infra'))}---\n${policyText('p', 'rules:\n- {}', 'infra')}`,
    [],
  ],
])('does not move it where %s', (_, text, expected) => {
  expect(titles(text)).toEqual(expected)
})
