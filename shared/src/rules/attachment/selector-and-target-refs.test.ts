import { expect, it } from 'vitest'
import { analyse, compareMarked, expectFixed, findingsOf } from '../../testing/index.js'
import { selectorAndTargetRefs } from './selector-and-target-refs.js'

const rules = [selectorAndTargetRefs.name]
const policy = (
  spec: string,
  kind = 'AuthorizationPolicy',
): string => `apiVersion: security.istio.io/v1
kind: ${kind}
metadata:
  name: p
  namespace: shop
spec:
${spec}`
const REFS = '  targetRefs:\n  - kind: Service\n    group: ""\n    name: api\n'
const REF = '  targetRef:\n    kind: Service\n    group: ""\n    name: api\n'
const SELECTOR = '  selector:\n    matchLabels:\n      app: api\n'

it('marks the second of the two fields', () => {
  const { found, expected } = compareMarked(
    `apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata:
  name: p
spec:
  targetRefs:
# ^^^^^^^^^^ selector-and-target-refs: The API server rejects this RequestAuthentication: selector and targetRefs cannot be used together.
  - kind: Service
    group: ""
    name: api
  selector:
    matchLabels:
      app: api
`,
    { rules },
  )
  expect(found).toEqual(expected)
})

it.each([
  [SELECTOR, 0],
  [REFS, 0],
  [REF, 0],
  ['  selector: {}\n', 0],
  ['  targetRefs: []\n', 0],
  ['  rules: []\n', 0],
  [SELECTOR + REFS, 1],
  [SELECTOR + REF, 1],
  [REF + REFS, 1],
  [SELECTOR + REF + REFS, 1],
  ['  selector: {}\n  targetRefs: []\n', 1],
  [`  selector: {}\n${REFS}`, 1],
  [`${SELECTOR}  targetRefs: []\n`, 1],
  [`  selector:\n${REFS}`, 0],
  [`${SELECTOR}  targetRefs: null\n`, 0],
  [`${SELECTOR}  targetRefs: ~\n`, 0],
])('the spec %j has %i findings in both kinds of policies', (spec, count) => {
  for (const kind of ['AuthorizationPolicy', 'RequestAuthentication']) {
    const found = findingsOf(analyse(policy(spec, kind))).filter(
      ({ rule }) => rule === selectorAndTargetRefs.name,
    )
    expect(found.map(({ level }) => level)).toEqual(Array(count).fill('error'))
  }
})

it('offers to remove the empty field, else the selector', () => {
  const fixed = (spec: string, title: string, after: string): unknown =>
    expectFixed(policy(spec), { rule: selectorAndTargetRefs.name, title }, policy(after))
  fixed(`${SELECTOR}  targetRefs: []\n`, 'Remove targetRefs', SELECTOR)
  fixed(`  selector: {}\n${REFS}`, 'Remove the selector', REFS)
  fixed(SELECTOR + REFS, 'Remove the selector', REFS)
  fixed(SELECTOR + REFS, 'Remove targetRefs', SELECTOR)
  fixed(SELECTOR + REF, 'Remove targetRef', SELECTOR)
  fixed(REF + REFS, 'Remove targetRef', REFS)
  fixed(`${REF}  targetRefs: []\n`, 'Remove targetRefs', REF)
})

it('does not offer to remove targetRefs if ztunnel cannot enforce the policy', () => {
  const titles = (text: string): (readonly string[])[] =>
    findingsOf(analyse(text)).map(({ fixes }) => fixes.map(({ title }) => title))
  expect(
    titles(policy(`${SELECTOR}${REFS}  rules:\n  - to: [{operation: {methods: [GET]}}]\n`)),
  ).toEqual([['Remove the selector']])
  expect(titles(policy(`${SELECTOR}${REFS}  action: AUDIT\n  rules: [{}]\n`))).toEqual([
    ['Remove the selector'],
  ])
})
