import { expect, it } from 'vitest'
import { analyse } from '../testing/index.js'

const NAMESPACE = ['a', 'b', 'c', 'new']
  .map(
    (name) =>
      `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: {istio.io/dataplane-mode: ambient}}\n`,
  )
  .join('---\n')
/** Each in a namespace of its own: policies of one namespace are judged together. */
const POLICY = (name: string): string => `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: ${name}
  namespace: ${name}
spec:
  rules:
  - to: [{operation: {methods: [GET]}}]
`

/** An analysis of a file that is open, and the rules of what stands in it now, with the lines. */
function editing(first: string) {
  const analysis = analyse({ 'ns.yaml': NAMESPACE })
  const take = (file: string, text: string | undefined): void =>
    void analysis.update([{ file, text, open: file === 'a.yaml' }])
  take('a.yaml', first)
  return { analysis, take, placed: () => analysis.placedFindingsOf('a.yaml') }
}

it('gives the very same values for documents that a keystroke does not concern', () => {
  const { take, placed } = editing([POLICY('a'), POLICY('b'), POLICY('c')].join('---\n'))
  const before = placed()
  expect(before.map(({ range }) => range.start.line)).toEqual([7, 16, 25])
  take('a.yaml', [POLICY('a'), POLICY('b').replace('GET', 'PUT'), POLICY('c')].join('---\n'))
  expect(placed().map((each, index) => each === before[index])).toEqual([true, false, true])
  take('a.yaml', [POLICY('a'), `# a line\n${POLICY('b')}`, POLICY('c')].join('---\n'))
  expect(placed().map((each) => [each.range.start.line, each === before[0]])).toEqual([
    [7, true],
    [17, false],
    [26, false],
  ])
})

it('finds anew what another file decides, in each document that it concerns', () => {
  const { analysis, take, placed } = editing([POLICY('a'), POLICY('b')].join('---\n'))
  expect(placed()).toHaveLength(2)
  take('ns.yaml', NAMESPACE.replaceAll('ambient', 'none'))
  expect(placed().map(({ finding }) => finding)).toEqual(analysis.findingsOf('a.yaml'))
  expect(placed().map(({ finding }) => finding.rule)).not.toContain('l7-allow-rule-dropped')
  take('ns.yaml', NAMESPACE)
  expect(placed().map(({ finding }) => finding.rule)).toEqual([
    'l7-allow-rule-dropped',
    'l7-allow-rule-dropped',
  ])
})

it('keeps up with documents that come and go, and with the file', () => {
  const { take, placed } = editing([POLICY('a'), POLICY('b')].join('---\n'))
  placed()
  take('a.yaml', [POLICY('new'), POLICY('a'), POLICY('b')].join('---\n'))
  expect(placed().map(({ range }) => range.start.line)).toEqual([7, 16, 25])
  take('a.yaml', POLICY('b'))
  expect(placed().map(({ range }) => range.start.line)).toEqual([7])
  take('a.yaml', undefined)
  expect(placed()).toEqual([])
  take('a.yaml', POLICY('b'))
  expect(placed()).toHaveLength(1)
})
