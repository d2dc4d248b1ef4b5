import { expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  describeFindings,
  expectFixed,
  findingsOf,
  replaceAllIn,
  replaceIn,
  withoutArrows,
} from '../../testing/index.js'
import { unlabelledPod } from './unlabelled-pod.js'
import { unlabelledPodPage } from './unlabelled-pod.page.js'

const { name } = unlabelledPod
const bad = withoutArrows(unlabelledPodPage.bad)
const { good } = unlabelledPodPage
const rules = [name]
const policy = (
  policyName: string,
  namespace = 'shop',
  selector = '{matchLabels: {app: api}}',
): string =>
  '---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\n' +
  `metadata: {name: ${policyName}, namespace: ${namespace}}\n` +
  `spec: {selector: ${selector}, action: DENY, rules: [{from: [{source: {namespaces: [dev]}}]}]}\n`
const said = (text: string): string[] =>
  describeFindings(analyse(text))
    .filter((line) => line.includes(name))
    .map((line) => line.replace(/^.*unlabelled-pod: /, ''))

it('marks the name of the pod', () => {
  const { found, expected } = compareMarked(
    replaceIn(bad, [
      '  name: debug\n',
      '  name: debug\n' +
        '  #     ^^^^^ unlabelled-pod: "api-callers" applies to "debug" although its selector does not match: the pod has no labels.\n',
    ]),
    { rules },
  )
  expect(found).toEqual(expected)
})

it('counts the policies of its namespace and of the root namespace', () => {
  expect(said(bad + policy('root', 'istio-system'))).toEqual([
    '"api-callers" and "root" apply to "debug" although their selectors do not match: the pod has no labels.',
  ])
  expect(said(bad + policy('second') + policy('third'))).toEqual([
    '3 policies apply to "debug" although their selectors do not match: the pod has no labels.',
  ])
})

it('has a message of at most 140 characters for long names', () => {
  for (const { message } of findingsOf(
    analyse(replaceAllIn(bad, ['debug', 'x'.repeat(63)], ['api-callers', 'y'.repeat(63)])),
  ))
    expect(message.length).toBeLessThanOrEqual(140)
})

it.each([
  ['the pod has a label', good],
  [
    'the pod is on the host network',
    replaceIn(bad, [
      'spec:\n  containers:\n    - name: shell',
      'spec:\n  hostNetwork: true\n  containers:\n    - name: shell',
    ]),
  ],
  [
    'the namespace is not ambient',
    replaceIn(bad, ['dataplane-mode: ambient', 'dataplane-mode: none']),
  ],
  [
    'no policy has a selector',
    replaceIn(bad, [/ {2}selector:\n {4}matchLabels:\n {6}app: api\n {2}action/, '  action']),
  ],
  [
    'the selector is empty',
    replaceIn(bad, [
      /selector:\n {4}matchLabels:\n {6}app: api\n {2}action/,
      'selector: {}\n  action',
    ]),
  ],
  [
    'the policy is in another namespace',
    replaceIn(bad, ['name: api-callers\n  namespace: shop', 'name: api-callers\n  namespace: web']),
  ],
  [
    'a controller creates the pods',
    replaceIn(
      bad,
      [/      labels:\n        app: api\n/, '      annotations: {a: b}\n'],
      [/apiVersion: v1\nkind: Pod[^]*?---\n/, ''],
    ),
  ],
])('reports nothing where %s', (_, text) => {
  expect(said(text)).toEqual([])
})

it('reports nothing where a kustomization adds labels', () => {
  const files = {
    'a.yaml': bad,
    'kustomization.yaml': 'resources: [a.yaml]\ncommonLabels: {team: shop}\n',
  }
  expect(describeFindings(analyse(files)).filter((line) => line.includes(name))).toEqual([])
})

it('offers to add a label', () => {
  expectFixed(
    bad,
    { rule: name, title: 'Add an app label: policies with other selectors then no longer apply' },
    good,
  )
})

it.each([
  ['the enrolment is assumed', replaceIn(bad, [/^[^]*?---\n/, ''])],
  [
    'the policy allows everything',
    replaceIn(bad, [/ {2}rules:\n[^]*?(?=---|$)/, '  rules:\n    - {}\n']),
  ],
  [
    'another policy allows everything',
    `${bad}---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\n` +
      'metadata: {name: open, namespace: shop}\nspec: {rules: [{}]}\n',
  ],
])('is silent where %s', (_, text) => {
  expect(said(text)).toEqual([])
})
