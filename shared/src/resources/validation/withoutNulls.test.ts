import { expect, it } from 'vitest'
import { analyse, findingsOf, resourcesOf } from '../../testing/index.js'

const policy = (spec: string, kind = 'AuthorizationPolicy'): string =>
  `apiVersion: security.istio.io/v1\nkind: ${kind}\nmetadata: {name: a, namespace: shop}\nspec:${spec}\n`
const problemsOf = (text: string): string[] =>
  resourcesOf(text).flatMap(({ problems }) => problems.map(({ message }) => message))

it.each([
  ['an empty spec with a comment', policy('\n  # no rules')],
  ['a selector, an action and rules', policy('\n  selector:\n  action:\n  rules: ~')],
  [
    'a list in a rule',
    policy('\n  rules:\n  - from:\n    to: [{operation: {methods: , paths: [/]}}]'),
  ],
  ['labels', policy('\n  selector: {matchLabels: {app: }}')],
  ['mtls', policy('\n  mtls:\n  portLevelMtls:', 'PeerAuthentication')],
  [
    'a listener of a Gateway',
    'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: a}\nspec:\n  gatewayClassName: istio\n  addresses:\n  listeners: [{name: x, port: 80, protocol: HTTP, hostname: }]\n',
  ],
])('the API server drops a null field: %s', (_, text) => {
  expect(problemsOf(text)).toEqual([])
})

it.each([
  [
    'an item of a list',
    policy('\n  rules:\n  -'),
    'spec.rules[0]: must be of type object, not null.',
  ],
  ['an unknown field', policy('\n  colour:'), 'spec.colour: unknown field.'],
  [
    'a field that is required',
    policy('\n  rules: [{when: [{key: }]}]'),
    'spec.rules[0].when[0].key: Required value.',
  ],
])('a null is a problem: %s', (_, text, problem) => {
  expect(problemsOf(text)).toContain(problem)
})

it('a policy with an empty spec denies everything, and is not rejected', () => {
  const analysis = analyse(policy(''))
  expect(analysis.mesh.all('AuthorizationPolicy').map(({ rules }) => rules)).toEqual([[]])
  expect(findingsOf(analysis).map(({ rule }) => rule)).not.toContain('invalid-resource')
})
