import fc from 'fast-check'
import { expect, it } from 'vitest'
import { findHeredocDebris, blankOutDebris } from './heredoc.js'
import { findSuppressions } from './suppressions.js'

const debris = (text: string): string[] =>
  findHeredocDebris(text).map(({ start, end }) => text.slice(start, end))

it.each([
  ['a: 1\nEOF\n', ['EOF']],
  ['a: 1\r\nEOF\r\n', ['EOF']],
  ['cat <<EOF | kubectl apply -f -\na: 1\nEOF', ['cat <<EOF | kubectl apply -f -', 'EOF']],
  ['$ kubectl apply -f - <<EOF\na: 1\n', ['$ kubectl apply -f - <<EOF']],
  ['a: 1\nYAML\n', ['YAML']],
  ['a: YAML\nYAML: 1\n# YAML\n', []],
  ['a: |\n  cat <<EOF\n  EOF\n', []],
  ['EOFX: 1\nEND: 2\n', []],
  ['a: EOF\n<<: *x\n', []],
])('the lines of a shell heredoc are found in %j', (text, expected) => {
  expect(debris(text)).toEqual(expected)
})

it('lines of a heredoc are replaced by blanks, so that offsets stay the same', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('EOF', 'a: 1', 'cat <<EOF', '', 'END  ')), (lines) => {
      const text = lines.join('\n')
      const clean = blankOutDebris(text, findHeredocDebris(text))
      expect(clean.length).toBe(text.length)
      expect(
        clean
          .split('\n')
          .map((line) => line.trim())
          .filter((line) => line !== ''),
      ).toEqual(lines.filter((line) => line === 'a: 1'))
    }),
  )
})

it.each([
  [
    'after a value',
    'kind: Pod\na: 1 # ambient-policy-ignore rule-a -- because\n',
    { rules: ['rule-a'], reason: 'because', line: 1 },
  ],
  [
    'above a line',
    'kind: Pod\n# ambient-policy-ignore rule-a\n# another comment\n\na: 1\n',
    { rules: ['rule-a'], reason: undefined, line: 4 },
  ],
  [
    'above the first line: the whole document',
    '---\n# ambient-policy-ignore rule-a, rule-b -- x y\nkind: Pod\n',
    { rules: ['rule-a', 'rule-b'], reason: 'x y', line: undefined },
  ],
  [
    'after the first line: the whole document',
    'kind: Pod # ambient-policy-ignore rule-a\n',
    { rules: ['rule-a'], line: undefined },
  ],
  [
    'with CRLF',
    'kind: Pod\r\na: 1 # ambient-policy-ignore rule-a -- x\r\n',
    { rules: ['rule-a'], reason: 'x', line: 1 },
  ],
  [
    'with lone CR',
    'kind: Pod\ra: 1 # ambient-policy-ignore rule-a -- x\r',
    { rules: ['rule-a'], reason: 'x', line: 1 },
  ],
  [
    'at the end of a document',
    'kind: Pod\n# ambient-policy-ignore rule-a\n',
    { rules: ['rule-a'], line: 3 },
  ],
])('an ignore comment is read %s', (_, text, expected) => {
  const found = findSuppressions(text)
  expect(found).toHaveLength(1)
  expect(found[0]).toMatchObject(expected)
  const { start, end } = found[0]!.span
  expect(text.slice(start, end)).toMatch(/^# ambient-policy-ignore [^\r\n]*$/)
})

it.each([
  'a: 1 # ambient-policy-ignore\n',
  'a: 1 # ambient-policy-ignored rule-a\n',
  'a: ambient-policy-ignore rule-a\n',
  '# ambient-policy-ignore Rule A\n',
])('not an ignore comment: %j', (text) => {
  expect(findSuppressions(text)).toEqual([])
})
