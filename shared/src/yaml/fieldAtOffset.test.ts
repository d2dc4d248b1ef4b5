import { expect, it } from 'vitest'
import { readCursor } from '../testing/cursor.js'
import { fieldAtOffset } from './fieldAtOffset.js'
import { parseYaml } from './parseYaml.js'

function fieldAt(marked: string): string | undefined {
  const { text, offset } = readCursor(marked)
  const { root } = parseYaml(text)
  const found = root && fieldAtOffset(root, offset)
  return (
    found && `${found.path.join('.')} ${found.on} ${text.slice(found.span.start, found.span.end)}`
  )
}

it.each([
  ['ki█nd: A', 'kind key kind'],
  ['kind: A█B', 'kind value AB'],
  ['a:\n  b:\n  - c: "█d"', 'a.b.0.c value "d"'],
  ['a:\n- {b: [x, y█y]}', 'a.0.b.1 value yy'],
  ['a:\n  b█: {}\n', 'a.b key b'],
  ['a: 1\n\n█\n\n', undefined],
  ['a:\n  - █ b: 1\n', undefined],
])('at %j is the field %j', (marked, expected) => {
  expect(fieldAt(marked)).toBe(expected)
})
