import { expect, it } from 'vitest'
import { analyse, replaceIn } from '../testing/index.js'
import { keys } from '../inventory/indexKeys.js'
import { changesNoDefinition, definitionsAt } from './definitions.js'

const POLICY = `apiVersion: security.istio.io/v1beta1
kind: AuthorizationPolicy
metadata: {name: a, namespace: shop}
spec:
  action: DENY
  rules: [{from: [{source: {namespaces: [tools]}}]}]
`
const CURRENT = replaceIn(POLICY, ['v1beta1', 'v1'])
const REJECTED = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: a, namespace: shop}
spec:
  action: DENY
  rules: [{from: [{source: {namespaces: [tools]}}]}]
  target: [1]
`

it.each([
  ['another version of the API', CURRENT, true],
  ['another version in front of a comment', `# All tools.\n${CURRENT}`, true],
  ['a copy', `${POLICY}---\n${CURRENT}`, false],
  ['no policy', '', false],
  ['another action', replaceIn(CURRENT, ['DENY', 'ALLOW']), false],
  ['another name', replaceIn(CURRENT, ['name: a', 'name: b']), false],
  ['another kind', replaceIn(CURRENT, ['AuthorizationPolicy', 'RequestAuthentication']), false],
  ['a value of another tool', replaceIn(CURRENT, ['tools', '${TOOLS}']), false],
  ['a field that the API does not have', REJECTED, false],
  ['a label', replaceIn(CURRENT, ['namespace: shop', 'namespace: shop, labels: {a: b}']), false],
])('a change to %s', (_, text, isSame) => {
  const analysis = analyse({ 'policy.yaml': POLICY })
  expect(changesNoDefinition(analysis.preview([{ file: 'policy.yaml', text }]))).toBe(isSame)
})

it('each definition of an object is replaced by its own', () => {
  const other = replaceIn(POLICY, ['DENY', 'ALLOW'])
  const analysis = analyse({ 'one.yaml': POLICY, 'two.yaml': other })
  const change = (one: string, two: string): boolean =>
    changesNoDefinition(
      analysis.preview([
        { file: 'one.yaml', text: replaceIn(one, ['v1beta1', 'v1']) },
        { file: 'two.yaml', text: replaceIn(two, ['v1beta1', 'v1']) },
      ]),
    )
  expect([change(POLICY, other), change(other, other), change(other, POLICY)]).toEqual([
    true,
    false,
    false,
  ])
})

it('an object that cannot be read is no definition', () => {
  const change = (difference: number) => ({
    removed: [],
    added: [],
    opaque: new Map([['AuthorizationPolicy', difference]]),
  })
  expect([0, 1, -1].map((each) => changesNoDefinition(change(each)))).toEqual([true, false, false])
})

it.each([
  ['another version of the API', CURRENT, 1],
  ['an error of syntax in its document', `${CURRENT}extra: "no end\n`, 1],
  ['another action', replaceIn(CURRENT, ['DENY', 'ALLOW']), 2],
])('a second definition with %s', (_, text, choices) => {
  const { mesh } = analyse({ 'one.yaml': POLICY, 'two.yaml': text })
  const name = keys.named('AuthorizationPolicy', 'shop', 'a')
  expect(definitionsAt(mesh.inventory, name).map((each) => each.choices.length)).toEqual([choices])
})
