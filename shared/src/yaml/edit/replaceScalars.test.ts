import { expect, it } from 'vitest'
import { editDocument, replaceScalars } from './editDocument.js'
import { applyTextEdits } from './textEdit.js'

const TEXT = `spec:
  # who
  accounts:
    - a # first
    - "b"
    - c
  mode: on
`
const set = (path: readonly (string | number)[], value: string) =>
  ({ op: 'set', path, value }) as const

it('values that are replaced together have the text of those that are replaced one by one', () => {
  const operations = [
    set(['spec', 'accounts', 2], 'shop/c'),
    set(['spec', 'accounts', 0], 'shop/a'),
    set(['spec', 'accounts', 1], 'true'),
    set(['spec', 'mode'], 'on'),
  ]
  const oneByOne = operations.reduce(
    (text, operation) => applyTextEdits(text, editDocument(text, operation) ?? []),
    TEXT,
  )
  expect(oneByOne).toContain('- shop/a # first\n    - "true"\n    - shop/c')
  expect(applyTextEdits(TEXT, replaceScalars(TEXT, operations) ?? [])).toBe(oneByOne)
})

it.each([
  ['a value that does not exist', [set(['spec', 'name'], 'x')]],
  ['a list', [set(['spec', 'accounts'], 'x')]],
  ['one value twice', [set(['spec', 'mode'], 'x'), set(['spec', 'mode'], 'y')]],
])('%s is not replaced together with others', (_, operations) => {
  expect(replaceScalars(TEXT, operations)).toBeUndefined()
})
