import { expect, it } from 'vitest'
import { foldingLines } from './foldingLines.js'

const folded = (text: string): string[] =>
  foldingLines(text).map(({ start, end, kind }) => `${start}-${end} ${kind}`)

it('a key folds with a list below it that is not indented, and each item folds alone', () => {
  const text = `spec:
  rules:
  - from:
    - source: {}
    to: []
  - to:
    - operation: {}
`
  expect(folded(text)).toEqual(['0-6 block', '1-6 block', '2-4 block', '5-6 block'])
})

it('each document folds from its marker, and comments of several lines fold', () => {
  const text = `# a
# b

kind: A
---
# one line
kind: B
metadata:
  name: b

---
`
  expect(folded(text)).toEqual(['0-1 comment', '4-8 block', '7-8 block'])
})

it('a text that is half typed, or empty, folds as far as its indentation shows', () => {
  expect(folded('')).toEqual([])
  expect(folded('spec:\r\n  rules: [\r\n    a\r\n')).toEqual(['0-2 block', '1-2 block'])
})
