import fc from 'fast-check'
import { expect, it } from 'vitest'
import { replaceIn } from '../testing/replaceIn.js'
import { splitDocuments } from './splitDocuments.js'
import { SplitText } from './splitText.js'
import { runs } from '../testing/runs.js'

const line = fc.constantFrom(
  '---',
  '--- # c',
  '---x',
  '...',
  '..',
  '%YAML 1.2',
  '# c',
  '',
  'a: 1',
  '  b: 2',
  '- c',
  '\uFEFFd: 3',
  'e: é😀',
)
const content = fc
  .array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r', '')), { maxLength: 20 })
  .map((lines) => lines.map((parts) => parts.join('')).join(''))
const start = fc.tuple(fc.constantFrom('', '\uFEFF'), content).map((parts) => parts.join(''))
const edit = fc.record({
  at: fc.nat(),
  length: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(60)),
  text: fc.oneof(content, fc.constantFrom('-', '.', '\n', '\r', '\uFEFF', '---\n', '...\n')),
})

/** Line breaks before an offset. */
function lineOf(text: string, offset: number): number {
  const before = text.slice(0, offset)
  return (
    before.split(/\r\n|\r|\n/).length - 1 - (before.endsWith('\r') && text[offset] === '\n' ? 1 : 0)
  )
}

it('after any edits the documents are those of the whole text', () => {
  fc.assert(
    fc.property(start, fc.array(edit, { maxLength: 8 }), (text, edits) => {
      let now = text
      let split = SplitText.of(text)
      for (const { at, length, text: typed } of edits) {
        const [begin, end] = [
          at % (now.length + 1),
          Math.min((at % (now.length + 1)) + length, now.length),
        ]
        const [before, next] = [now, now.slice(0, begin) + typed + now.slice(end)]
        split = split.withLines(lineOf(now, begin), lineOf(now, end), (part, first) => {
          const offset = first === 0 ? 0 : offsetOfLine(before, first)
          expect([
            before.startsWith(part, offset),
            begin >= offset && end <= offset + part.length,
          ]).toEqual([true, true])
          return part.slice(0, begin - offset) + typed + part.slice(end - offset)
        })
        now = next
        expect([split.length, split.documents]).toEqual([now.length, splitDocuments(now)])
      }
      expect(split.text).toBe(now)
    }),
    // `npm run fuzz` draws many more edits of open documents.
    { numRuns: runs(400) },
  )
})

function offsetOfLine(text: string, line: number): number {
  return (
    [...text.matchAll(/\r\n|\r|\n/g)].map(({ index, 0: end }) => index + end.length)[line - 1] ?? 0
  )
}

it('a change splits only the documents around it again', () => {
  const before = SplitText.of(
    Array.from({ length: 100 }, (_, index) => `---\na: ${index}\n`).join(''),
  )
  let asked = ''
  const after = before.withLines(101, 101, (part) =>
    replaceIn((asked = part), ['a: 50', 'a: fifty']),
  )
  expect(asked).toBe('---\na: 49\n---\na: 50\n')
  expect(
    after.documents
      .map(({ text }) => text)
      .filter((text, index) => text !== before.documents[index]?.text),
  ).toEqual(['---\na: fifty\n'])
  expect(after.documents.slice(0, 49)).toEqual(before.documents.slice(0, 49))
  expect(after.documents[0]).toBe(before.documents[0])
})
