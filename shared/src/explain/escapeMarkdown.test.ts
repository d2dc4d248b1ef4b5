import { expect, it } from 'vitest'
import { escapeMarkdown } from './escapeMarkdown.js'

it.each([
  ['a|b', 'a\\|b'],
  ['`x`', '\\`x\\`'],
  ['<img src=x>', '&lt;img src=x&gt;'],
  ['&lt;', '&amp;lt;'],
  ['*/ns/a_b', '\\*/ns/a\\_b'],
  ['![a](b)', '\\!\\[a\\](b)'],
  ['$(alert)', '\\$(alert)'],
  ['a\nb\r\nc', 'a b c'],
  ['# title', '\\# title'],
  ['1. one', '1\\. one'],
  ['- item', '\\- item'],
  ['shop/api-v1', 'shop/api-v1'],
  ['a\\', 'a\\\\'],
])('%j is escaped to %j', (text, markdown) => {
  expect(escapeMarkdown(text)).toBe(markdown)
})
