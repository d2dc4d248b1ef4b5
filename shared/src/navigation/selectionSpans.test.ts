import { expect, it } from 'vitest'
import { readCursor } from '../testing/cursor.js'
import { selectionSpans } from './selectionSpans.js'

function selectedAt(marked: string): string[] {
  const { text, offset } = readCursor(marked)
  return selectionSpans(text, offset).map(({ start, end }) => text.slice(start, end))
}

it('the selection grows from a value to its entry, its mapping and the document', () => {
  expect(selectedAt('kind: A\nmetadata:\n  name: ca█rt\n')).toEqual([
    'cart',
    'name: cart',
    'metadata:\n  name: cart',
    'kind: A\nmetadata:\n  name: cart',
  ])
})

it('the selection grows from a key, and from an item of a list', () => {
  expect(selectedAt('a:\n- {b: 1, c█c: 2}\n')).toEqual([
    'cc',
    'cc: 2',
    '{b: 1, cc: 2}',
    '- {b: 1, cc: 2}',
    'a:\n- {b: 1, cc: 2}',
  ])
})

it('every span contains the one before and is larger, at every offset', () => {
  const text = 'a: &x [1, "two", {b: c}]\nd: *x\ne: |\n  text\nf:\n  - g: h\n    i: \n'
  for (let offset = 0; offset < text.length - 1; offset++) {
    const spans = selectionSpans(text, offset)
    expect(spans.length).toBeGreaterThan(0)
    for (const [index, span] of spans.entries()) {
      const inner = spans[index - 1] ?? { start: offset, end: offset }
      expect(span.start <= inner.start && span.end >= inner.end).toBe(true)
      if (index > 0) expect(span.end - span.start).toBeGreaterThan(inner.end - inner.start)
    }
  }
})
