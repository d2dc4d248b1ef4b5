import { expect, it } from 'vitest'
import { printable } from './printable.js'

it.each([
  ['an escape sequence', '\u001b[2Jx', '\ufffd[2Jx'],
  ['a C1 control', '\u009b2Jx', '\ufffd2Jx'],
  ['line breaks', 'a\nb\rc\u0085d\u2028e\u2029f', 'a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf'],
  ['bidirectional controls', '\u202ea\u2066b\u061cc\u200fd', '\ufffda\ufffdb\ufffdc\ufffdd'],
  ['invisible characters', 'a\u200bb\ufeffc\u00add\u2060e', 'a\ufffdb\ufffdc\ufffdd\ufffde'],
  ['tag characters', 'a\u{e0041}b', 'a\ufffdb'],
  ['half of a character', 'a\ud800b', 'a\ufffdb'],
  ['a tab', 'a\tb', 'a b'],
  ['an emoji of several characters', '👩‍💻', '👩‍💻'],
  ['other text', 'größe 日本 اسم', 'größe 日本 اسم'],
])('the printable form of %s', (_, text, expected) => {
  expect(printable(text)).toBe(expected)
})
