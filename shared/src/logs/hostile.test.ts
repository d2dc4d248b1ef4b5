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

/** An export of many records can be one long line. */
const LONGER = 1_000_000
const EXPORTS: Readonly<Record<string, string>> = {
  'white space before a bracket': `${' '.repeat(LONGER)}}`,
  'white space in JSON': `{"a"${' '.repeat(LONGER)}x}`,
  'commas and white space': `${',\t'.repeat(LONGER / 2)}x`,
  brackets: '['.repeat(LONGER),
  objects: '{"a":1}'.repeat(LONGER / 7),
  'starts of ztunnel': '2026-01-01T00:00:00.000Z info '.repeat(LONGER / 30),
  'starts of Envoy': '[2026-01-01T00:00:00.000Z] - '.repeat(LONGER / 29),
  bytes: `{"MESSAGE":[${'65,'.repeat(LONGER / 3)}65]}`,
}

it.each(Object.entries(EXPORTS))(
  'a long line of %s is read in linear time',
  { timeout: 10_000 },
  (_, text) => {
    expect(parseLogs(text)).toEqual({ lines: [], skipped: [1] })
  },
)

/** Values of a field of a line. */
const VALUES = [
  ...['', ' ', '-', '"', '""', '\\"', '=', 'a=b', '{', '}', '[', ']', ':', '::', '::1', '[::1]:80'],
  ...[
    '1.2.3',
    '999.999.999.999:99999',
    '10.0.0.1:-1',
    '10.0.0.1:1e9',
    'spiffe://',
    'spiffe:///ns//sa/',
  ],
  ...['spiffe://a/ns/b/sa/c/d', '__proto__', 'constructor', '\u0000', '\u001b[2J', '\u202e', '😀'],
  ...['\ud800', '{{x}}', '$(x)', '../..', 'a'.repeat(5_000), '/'.repeat(5_000), '"'.repeat(5_000)],
]
/** Lines with one field that is not `x`. */
const FIELDS: Readonly<Record<string, (value: string) => string>> = {
  ...Object.fromEntries(
    [
      ...[
        'src.addr',
        'src.workload',
        'src.namespace',
        'src.identity',
        'dst.addr',
        'dst.hbone_addr',
      ],
      ...['dst.service', 'dst.workload', 'dst.namespace', 'direction', 'error', 'policy'],
    ].flatMap((field) => [
      [
        `${field} of text`,
        (value: string) =>
          `2026-01-01T00:00:00Z error access connection complete src.addr=10.0.0.1:1 ${field}=${value} dst.addr=10.0.0.2:15008`,
      ],
      [
        `${field} of JSON`,
        (value: string) =>
          JSON.stringify({ scope: 'access', message: 'connection complete', [field]: value }),
      ],
    ]),
  ),
  'a span': (value) =>
    `info state:proxy{wl=${value}}:inbound{id=1 peer=${value}} deny policy match`,
  'a policy': (value) => `rbac_access_denied_matched_policy[ns[${value}]-policy[${value}]-rule[0]]`,
  'a request line': (value) =>
    `[2026-01-01T00:00:00Z] "${value}" 403 - rbac_access_denied_matched_policy[none]`,
}

it.each(Object.entries(FIELDS))('%s can have each value', (_, lineOf) => {
  for (const value of VALUES) {
    const text = lineOf(value)
    const { lines, skipped } = parseLogs(text)
    const read = [...lines.map(({ line }) => line), ...skipped]
    // Each line has an answer, or is named as skipped. Empty lines have none.
    expect({ text, read: new Set(read).size === read.length && read.length > 0 }).toEqual({
      text,
      read: true,
    })
  }
})

it('a line that no proxy writes is skipped, and the lines around it are read', () => {
  const denied = 'rbac_access_denied_matched_policy[none]'
  const { lines, skipped } = parseLogs(`${denied}\n${'a'.repeat(200_000)}\n\nhello\n${denied}`)
  expect(lines.map(({ line }) => line)).toEqual([1, 5])
  expect(skipped).toEqual([2, 4])
})
