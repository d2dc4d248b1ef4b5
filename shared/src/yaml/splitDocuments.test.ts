import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseAllDocuments, type Document } from 'yaml'
import { parseYaml } from './parseYaml.js'
import { toPlain } from './node.js'
import { splitDocuments } from './splitDocuments.js'
import { runs } from '../testing/runs.js'

const texts = (text: string): string[] => splitDocuments(text).map((slice) => slice.text)

it.each([
  ['nothing', '', []],
  ['one document', 'a: 1\n', ['a: 1\n']],
  ['a marker at the start', '---\na: 1\n', ['---\na: 1\n']],
  ['a marker between', 'a: 1\n---\nb: 2\n', ['a: 1\n', '---\nb: 2\n']],
  ['a marker with a comment', 'a: 1\n--- # c\nb: 2\n', ['a: 1\n', '--- # c\nb: 2\n']],
  ['a marker with content', 'a: 1\n--- {b: 2}\n', ['a: 1\n', '--- {b: 2}\n']],
  ['a marker with a tab', 'a: 1\n---\tb\n', ['a: 1\n', '---\tb\n']],
  ['no marker: text follows', 'a: 1\n---foo: 2\n', ['a: 1\n---foo: 2\n']],
  ['no marker: four dashes', 'a: 1\n----\n', ['a: 1\n----\n']],
  ['no marker: indented', 'a: |\n  ---\n  b\n', ['a: |\n  ---\n  b\n']],
  ['an end marker', 'a: 1\n...\nb: 2\n', ['a: 1\n...\n', 'b: 2\n']],
  ['an end marker, then a start', 'a: 1\n...\n---\nb: 2\n', ['a: 1\n...\n', '---\nb: 2\n']],
  ['a directive', '%YAML 1.2\n---\na: 1\n', ['%YAML 1.2\n---\na: 1\n']],
  [
    'a directive after a comment',
    '# c\n\n%YAML 1.2\n---\na: 1\n',
    ['# c\n\n%YAML 1.2\n---\na: 1\n'],
  ],
  [
    'a directive of the second document',
    'a: 1\n...\n%YAML 1.2\n---\nb: 2\n',
    ['a: 1\n...\n', '%YAML 1.2\n---\nb: 2\n'],
  ],
  ['a percent sign within a document', 'a: 1\n%b\n---\nc: 1\n', ['a: 1\n%b\n', '---\nc: 1\n']],
  ['CRLF', 'a: 1\r\n---\r\nb: 2\r\n', ['a: 1\r\n', '---\r\nb: 2\r\n']],
  ['lone CR', 'a: 1\r---\rb: 2\r', ['a: 1\r', '---\rb: 2\r']],
  ['a BOM', '\uFEFF---\na: 1\n', ['---\na: 1\n']],
  ['markers alone', '---\n---\n', ['---\n', '---\n']],
  ['a marker at the end', 'a: 1\n---', ['a: 1\n', '---']],
  ['a marker inside of quotes, which is a marker', 'a: "x\n---\ny"\n', ['a: "x\n', '---\ny"\n']],
])('a file is split: %s', (_, text, expected) => {
  expect(texts(text)).toEqual(expected)
})

it('each document has its offset and line', () => {
  expect(splitDocuments('\uFEFFa: 1\r\nb: 2\r\n---\r\nc: 3\n...\nd: 4')).toEqual([
    { text: 'a: 1\r\nb: 2\r\n', start: 1, line: 0 },
    { text: '---\r\nc: 3\n...\n', start: 13, line: 2 },
    { text: 'd: 4', start: 27, line: 5 },
  ])
})

const line = fc.constantFrom(
  '---',
  '...',
  '--- # c',
  '---foo',
  '--- {a: 1}',
  '- x',
  'a: 1',
  'b: |',
  '  text',
  '  ---',
  '# c',
  '',
  'c: "q',
  '  r"',
  '{d: 1}',
  '%YAML 1.2',
  '\t',
  'e: é😀',
)
const file = fc
  .array(fc.tuple(line, fc.constantFrom('\n', '\r\n')), { maxLength: 14 })
  .map((lines) => lines.map(([text, end]) => text + end).join(''))

it('no character is lost, and every line is counted', () => {
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r'))),
      (bom, lines) => {
        const text = (bom ? '\uFEFF' : '') + lines.map(([content, end]) => content + end).join('')
        const slices = splitDocuments(text)
        expect(slices.map((slice) => slice.text).join('')).toBe(bom ? text.slice(1) : text)
        for (const slice of slices) {
          expect(text.slice(slice.start, slice.start + slice.text.length)).toBe(slice.text)
          expect(slice.line).toBe(text.slice(0, slice.start).split(/\r\n|\n|\r/).length - 1)
        }
      },
    ),
    { numRuns: runs(200) },
  )
})

it('the documents are those of the yaml package', () => {
  let compared = 0
  fc.assert(
    fc.property(file, (text) => {
      const whole = parseAllDocuments(text, {
        logLevel: 'silent',
        uniqueKeys: false,
      }) as Document.Parsed[]
      if (whole.some((document) => document.errors.length > 0 || document.warnings.length > 0))
        return
      const parsed = splitDocuments(text).map((slice) => parseYaml(slice.text))
      const harmless = /Duplicate key|directives-end/
      expect(
        parsed.flatMap(({ problems }) => problems).filter(({ message }) => !harmless.test(message)),
      ).toEqual([])
      const values = parsed
        .flatMap(({ root }) => (root === undefined ? [] : [toPlain(root)]))
        .filter((value) => value !== null)
      expect(values).toEqual(
        whole.map((document) => document.toJS() as unknown).filter((value) => value !== null),
      )
      compared++
    }),
    { numRuns: runs(400) },
  )
  expect(compared).toBeGreaterThan(runs(22))
})
