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

it('marks the namespace of a targetRef once, in both kinds of policies', () => {
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
#              ^^^ target-namespace-set: The API server rejects this AuthorizationPolicy: a targetRef cannot have a namespace.
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
#              ^^^^ target-namespace-set: The API server rejects this RequestAuthentication: a targetRef cannot have a namespace.
`,
    { rules: ['target-namespace-set'] },
  )
  expect(found).toEqual(expected)
})

it.each([
  ['no namespace', targeting('- kind: Service\n  group: ""\n  name: api\n')],
  ['an empty namespace', targeting(service('""'))],
  ['a namespace that another tool fills in', targeting(service('${NAMESPACE}'))],
])('reports nothing for a targetRef with %s', (_, text) => {
  expect(findingsOf(analyse(text)).filter((finding) => finding.rule === rule)).toEqual([])
})

it("offers a fix that removes the policy's own namespace", () => {
  expectFixed(
    targeting(service('shop # ours')),
    { rule, title: 'Remove the namespace' },
    targeting('- kind: Service\n  group: ""\n  name: api\n'),
  )
})

it('offers a fix that moves the policy to the namespace of its target', () => {
  expectFixed(
    targeting(service('infra')),
    { rule, title: 'Move the policy to namespace "infra"' },
    targeting('- kind: Service\n  group: ""\n  name: api\n', 'infra'),
  )
})

it.each([
  [
    'it has targets in two namespaces',
    targeting(service('infra') + service('shop')),
    ['Remove the namespace'],
  ],
  ['it names service accounts of its namespace', targeting(service('infra'), 'shop', 'web'), []],
  [
    'the other namespace has a policy with its name',
    `${targeting(service('infra'))}---\n${policyText('p', 'rules:\n- {}', 'infra')}`,
    [],
  ],
])('offers no fix that moves the policy if %s', (_, text, expected) => {
  expect(titles(text)).toEqual(expected)
})
