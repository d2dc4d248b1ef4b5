import { expect, it } from 'vitest'
import { analyse, replaceAllIn, replaceIn } from '../testing/index.js'

const NAMESPACE = ['a', 'b', 'c', 'new']
  .map(
    (name) =>
      `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: {istio.io/dataplane-mode: ambient}}\n`,
  )
  .join('---\n')
/** Each in a namespace of its own: a change of one policy affects the others in its namespace. */
const POLICY = (name: string): string => `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: ${name}
  namespace: ${name}
spec:
  rules:
  - to: [{operation: {methods: [GET]}}]
`

/** An analysis with an open file `a.yaml`. */
function editing(first: string) {
  const analysis = analyse({ 'ns.yaml': NAMESPACE })
  const update = (file: string, text: string | undefined): void =>
    void analysis.update([{ file, text, open: file === 'a.yaml' }])
  update('a.yaml', first)
  return { analysis, update, located: () => analysis.locatedFindingsOf('a.yaml') }
}

it('located findings of documents that a keystroke does not affect are the same objects', () => {
  const { update, located } = editing([POLICY('a'), POLICY('b'), POLICY('c')].join('---\n'))
  const before = located()
  expect(before.map(({ range }) => range.start.line)).toEqual([7, 16, 25])
  update('a.yaml', [POLICY('a'), replaceIn(POLICY('b'), ['GET', 'PUT']), POLICY('c')].join('---\n'))
  expect(located().map((each, index) => each === before[index])).toEqual([true, false, true])
  update('a.yaml', [POLICY('a'), `# a line\n${POLICY('b')}`, POLICY('c')].join('---\n'))
  expect(located().map((each) => [each.range.start.line, each === before[0]])).toEqual([
    [7, true],
    [17, false],
    [26, false],
  ])
})

it('findings that another file decides are computed again in each document', () => {
  const { analysis, update, located } = editing([POLICY('a'), POLICY('b')].join('---\n'))
  expect(located()).toHaveLength(2)
  update('ns.yaml', replaceAllIn(NAMESPACE, ['ambient', 'none']))
  expect(located().map(({ finding }) => finding)).toEqual(analysis.findingsOf('a.yaml'))
  expect(located().map(({ finding }) => finding.rule)).not.toContain('l7-allow-rule-dropped')
  update('ns.yaml', NAMESPACE)
  expect(located().map(({ finding }) => finding.rule)).toEqual([
    'l7-allow-rule-dropped',
    'l7-allow-rule-dropped',
  ])
})

it('located findings follow documents that are added and removed, and the file itself', () => {
  const { update, located } = editing([POLICY('a'), POLICY('b')].join('---\n'))
  located()
  update('a.yaml', [POLICY('new'), POLICY('a'), POLICY('b')].join('---\n'))
  expect(located().map(({ range }) => range.start.line)).toEqual([7, 16, 25])
  update('a.yaml', POLICY('b'))
  expect(located().map(({ range }) => range.start.line)).toEqual([7])
  update('a.yaml', undefined)
  expect(located()).toEqual([])
  update('a.yaml', POLICY('b'))
  expect(located()).toHaveLength(1)
})
