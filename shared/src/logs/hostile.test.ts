import { expect, it } from 'vitest'
import { parseLogs } from './parseLogs.js'

const LONG = 90_000

/** Lines that are long, broken or made to slow a reader down. */
const HOSTILE: Readonly<Record<string, string>> = {
  'a long word': 'a'.repeat(LONG),
  'many quotes': '"'.repeat(LONG),
  'many escaped quotes': `x="${'\\"'.repeat(LONG / 2)}`,
  'many brackets': '['.repeat(LONG),
  'many equal signs': 'a='.repeat(LONG / 2),
  'many open fields': 'a="'.repeat(LONG / 3),
  'many spans': 'proxy{'.repeat(LONG / 6),
  'many open spans': `no allow policies matched ${'proxy{wl'.repeat(LONG / 8)}`,
  'many rejections': 'RBAC rejected conn='.repeat(LONG / 19),
  'many details': 'rbac_access_denied_matched_policy['.repeat(LONG / 34),
  'many headers': `checking request: ${"'a', 'b'".repeat(LONG / 8)}`,
  'many messages': 'enforced denied, matched policy '.repeat(LONG / 32),
  'deep JSON': `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
  'deep JSON lists': `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
  'JSON with special names': '{"__proto__":{"message":"connection complete"},"constructor":"x"}',
  'JSON in JSON': JSON.stringify({ log: JSON.stringify({ log: JSON.stringify({ log: 'x' }) }) }),
  'half of a JSON line': '{"level":"error","message":"connection complete","src.addr":',
  'control characters': '\u0000\u001b[31m\u0007error access connection complete src.addr=\u0000',
  'only colours': '\u001b[0m\u001b[1m',
}

it.each(Object.entries(HOSTILE))('%s is read in linear time', { timeout: 10_000 }, (_, text) => {
  expect(parseLogs(text).lines.length).toBeLessThan(2)
  parseLogs(`2026-01-01T00:00:00Z error access connection complete src.addr=1:1 ${text}`)
  parseLogs(`[2026-01-01T00:00:00Z] "GET / HTTP/1.1" 403 - ${text}`)
})

it('a line that no proxy writes is skipped, and the lines around it are read', () => {
  const denied = 'rbac_access_denied_matched_policy[none]'
  const { lines, skipped } = parseLogs(`${denied}\n${'a'.repeat(200_000)}\n\nhello\n${denied}`)
  expect(lines.map(({ line }) => line)).toEqual([1, 5])
  expect(skipped).toEqual([2, 4])
})
