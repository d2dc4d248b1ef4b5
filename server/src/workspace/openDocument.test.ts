import { SplitText } from '@istio-ambient-policy/shared'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { OpenDocument } from './openDocument.js'
import { runs } from '@istio-ambient-policy/shared/testing'

const text = fc
  .array(
    fc.constantFrom(
      '---',
      '...',
      '%YAML 1.2',
      'a: 1',
      '\n',
      '\n',
      '\r\n',
      '\r',
      '😀',
      '\uFEFF',
      '- ',
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''))
const position = fc.record({ line: fc.nat(14), character: fc.nat(9) })
const change = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record({ range: fc.record({ start: position, end: position }), text }),
  },
  { weight: 1, arbitrary: fc.record({ text }) },
)

it('after any changes, a document has the same text as in the library', () => {
  fc.assert(
    fc.property(text, fc.array(change, { maxLength: 6 }), (initial, changes) => {
      const document = new OpenDocument('file:///a.yaml', 1, initial)
      let reference = initial
      for (const each of changes) {
        document.update([each], 2)
        // A new document each time: after a position past the end, the library has wrong line numbers.
        reference = TextDocument.update(
          TextDocument.create('file:///a.yaml', 'yaml', 1, reference),
          [each],
          2,
        ).getText()
        expect(document.split.documents).toEqual(SplitText.of(reference).documents)
        expect(document.split.text).toBe(reference)
      }
    }),
    { numRuns: runs(800) },
  )
})
