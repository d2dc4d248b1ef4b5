import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPair, isScalar, parseDocument, visit, type Document } from 'yaml'
import { nodeAt, toPlain, type YamlNode } from './node.js'
import { parseYaml } from './parseYaml.js'
import { runs } from '../testing/runs.js'

const plain = (text: string): unknown => {
  const { root, problems } = parseYaml(text)
  expect(problems).toEqual([])
  return root && toPlain(root)
}
const messages = (text: string): string[] => parseYaml(text).problems.map(({ message }) => message)

describe('values', () => {
  it.each([
    ['a: 1', { a: 1 }],
    ['a: "1"', { a: '1' }],
    ['a: yes', { a: 'yes' }],
    ['a: true', { a: true }],
    ['a: ~', { a: null }],
    ['a:', { a: null }],
    ['a: 0x10', { a: 16 }],
    ['a: |\n  x\n  y\n', { a: 'x\ny\n' }],
    ['a: >-\n  x\n  y\n', { a: 'x y' }],
    ['- [a, {b: c}]\n', [['a', { b: 'c' }]]],
    ['a: &x {b: 1}\nc: *x\n', { a: { b: 1 }, c: { b: 1 } }],
    ['x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3\n', { x: { a: 1, b: 2 }, y: { b: 3, a: 1 } }],
    [
      'x: &x {a: 1}\nz: &z {a: 2, c: 3}\ny:\n  <<: [*x, *z]\n',
      { x: { a: 1 }, z: { a: 2, c: 3 }, y: { a: 1, c: 3 } },
    ],
    ['a: {"<<": 1}', { a: { '<<': 1 } }],
    ['%YAML 1.2\n---\na: 1\n...\n', { a: 1 }],
    ['kind: Pod\rmetadata:\r  name: x\r', { kind: 'Pod', metadata: { name: 'x' } }],
    ['{"a": [1, true, null]}', { a: [1, true, null] }],
    ['? a\n: 1\n', { a: 1 }],
  ])('the values of %j are read', (text, expected) => {
    expect(plain(text)).toEqual(expected)
  })

  it('the text of a scalar is kept beside its value', () => {
    const { root } = parseYaml('a: 1.10\nb: 010\nc: "é"\nd: True\n')
    expect(['a', 'b', 'c', 'd'].map((key) => nodeAt(root as YamlNode, [key]))).toMatchObject([
      { text: '1.10' },
      { text: '010' },
      { text: 'é' },
      { text: 'True' },
    ])
  })

  it('`__proto__` is an ordinary key', () => {
    const value = plain('__proto__: {polluted: true}\n') as Record<string, unknown>
    expect(Object.keys(value)).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
  })

  it('a document without content has no problem', () => {
    for (const text of ['', '# c\n', '---\n']) expect(parseYaml(text).problems).toEqual([])
  })
})

describe('problems', () => {
  it.each([
    ['a: 1\na: 2\n', ['Duplicate key "a": only the last one counts.']],
    ['a: *x\n', ['Alias "*x" has no anchor before it.']],
    ['a: &a [*a]\n', ['Alias "*a" has no anchor before it.']],
    ['{a: 1}: b\n', ['A key must be a string.']],
    ['a: *\n', ['Alias cannot be an empty string.']],
    [
      'a: [1\n',
      ['Flow sequence in block collection must be sufficiently indented and end with a ].'],
    ],
    ['a: "x\n', ['The closing double quote is missing.']],
    ["a: 'x\n", ['The closing single quote is missing.']],
    [
      'a: b\n  c: d\n',
      ['A value is followed by a second colon: check the indentation, or put the value in quotes.'],
    ],
    ['- '.repeat(10_000) + 'a', ['This document is not read: it is nested too deeply.']],
    ['['.repeat(20_000), ['This document is not read: it is nested too deeply.']],
    ['['.repeat(300) + ']'.repeat(300), ['This document is not read: it is nested too deeply.']],
    [`a: !!str ${'x'.repeat(1_700_000)}`, ['This document is not read: it is too large.']],
  ])('the problem of %.30j is reported', (text, expected) => {
    expect(messages(text)).toEqual(expected)
  })

  it('the last of two equal keys counts', () => {
    const { root, problems } = parseYaml('a: 1\nb: 2\na: 3\n')
    expect(root && toPlain(root)).toEqual({ a: 3, b: 2 })
    const again = parseYaml('a: 1\na: 2\nb: 3\na: 4\n').root
    expect(again && toPlain(again)).toEqual({ a: 4, b: 3 })
    expect(problems[0]?.span).toEqual({ start: 10, end: 11 })
  })

  it('the valid part of a document with an error is read', () => {
    const { root, problems } = parseYaml('kind: Pod\nmetadata:\n  name: x\nspec: {a: 1\n')
    expect(problems).not.toEqual([])
    expect(root && nodeAt(root, ['metadata', 'name'])).toMatchObject({ value: 'x' })
  })

  it('at most five problems of one document are reported', () => {
    const broken = Array.from({ length: 50 }, (_, index) => `a${String(index)}: *none`)
    expect(messages(broken.join('\n'))).toHaveLength(5)
  })

  it('a document with several duplicate keys has one problem', () => {
    expect(messages('a: 1\na: 2\nb: {c: 1, c: 2}\nb: 3\n')).toEqual([
      'Duplicate key "a": only the last one counts.',
    ])
  })
})

describe('aliases', () => {
  it.each([
    [
      'as key',
      'name: &app player\nlabels: {*app : "on"}\n',
      { name: 'player', labels: { player: 'on' } },
    ],
    ['of a key', '&k kind: Pod\nother: *k\n', { kind: 'Pod', other: 'kind' }],
    ['as key and value', 'a: &x b\n*x : *x\n', { a: 'b', b: 'b' }],
    ['of a number as key', 'a: &p 8080\n*p : 1\n', { a: 8080, '8080': 1 }],
  ])('an alias %s', (_, text, expected) => {
    const { root, problems } = parseYaml(text)
    expect(problems).toEqual([])
    expect(root && toPlain(root)).toEqual(expected)
  })

  it('an alias of a mapping is no key', () => {
    expect(messages('a: &a {b: 1}\n*a : x\n')).toEqual(['A key must be a string.'])
  })

  it('a document whose aliases expand exponentially has one problem', () => {
    const levels = Array.from(
      { length: 12 },
      (_, level) =>
        `l${String(level)}: &l${String(level)} [${Array.from({ length: 10 }, () => (level === 0 ? 'x' : `*l${String(level - 1)}`)).join(', ')}]`,
    )
    expect(messages(levels.join('\n'))).toEqual([
      'The aliases of this document expand to too many values.',
    ])
  })

  it('a document whose merge keys expand too far has one problem', () => {
    const steps = Array.from(
      { length: 2_000 },
      (_, step) =>
        `s${String(step)}: &s${String(step)}\n  k${String(step)}: 1${step === 0 ? '' : `\n  <<: *s${String(step - 1)}`}`,
    )
    expect(messages(steps.join('\n'))).toEqual([expect.stringMatching(/expand to too many values/)])
  })

  it('an alias of a very long list is a problem', () => {
    expect(messages(`a: &a [${'1,'.repeat(150_000)}]\nb: *a\n`)).toEqual([
      'The aliases of this document expand to too many values.',
    ])
  })

  it('a document may have 20,000 anchors', () => {
    expect(
      messages(
        Array.from(
          { length: 20_000 },
          (_, index) => `k${String(index)}: &a${String(index)} v`,
        ).join('\n'),
      ),
    ).toEqual([])
  })
})

const SAMPLES = [
  'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  labels: {app: "x", "b": \'y\'}\nspec:\n  containers:\n    - name: c\n      args: [a, b]\n      command:\n      - |\n        x\n        y\n',
  'a: &x\n  b: 1\nc:\n  <<: *x\n  d: [*x, {e: f}]\n? g\n: h\ni: >-\n  k\n\n  l\nm: "n\n  o"\n',
  '{"a": {"b": [1, 2.5, "c", null, true]}}\n# d\n',
]
const edit = fc.record({
  at: fc.nat(400),
  remove: fc.nat(6),
  insert: fc.oneof(
    fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ':',
      '- ',
      '\t',
      '"',
      "'",
      '&a ',
      '*a',
      '!!x ',
      '|',
      '>',
      '\n',
      '\r',
      '%',
      '---\n',
      '#',
      '? ',
      '<<: ',
      '\u0000',
      '\uFEFF',
      '😀',
      '\uD800',
    ),
    fc.string({ maxLength: 3 }),
  ),
})
const mutated = fc
  .tuple(fc.constantFrom(...SAMPLES), fc.array(edit, { minLength: 1, maxLength: 5 }))
  .map(([sample, edits]) =>
    edits.reduce(
      (text, { at, remove, insert }) =>
        text.slice(0, at % (text.length + 1)) +
        insert +
        text.slice((at % (text.length + 1)) + remove),
      sample,
    ),
  )

it('any text is read without an error, with spans inside of the text', () => {
  fc.assert(
    fc.property(mutated, (text) => {
      const { root, problems } = parseYaml(text)
      const inText = ({ start, end }: { readonly start: number; readonly end: number }): boolean =>
        0 <= start && start <= end && end <= text.length
      expect(
        problems.filter(({ message, span }) => !/[.!?]$/.test(message) || !inText(span)),
      ).toEqual([])
      expect(root ? nodesOf(root).filter((node) => !inText(node)) : []).toEqual([])
    }),
    // `npm run fuzz` draws many more texts.
    { numRuns: runs(300) },
  )
})

it('valid documents have the values of the yaml package', () => {
  let compared = 0
  fc.assert(
    fc.property(mutated, (text) => {
      if (/[\r&*]|<</.test(text)) return
      const document = parseDocument(text, { logLevel: 'silent' })
      if (
        document.errors.length > 0 ||
        document.warnings.length > 0 ||
        /!!/.test(text) ||
        !keysAreStrings(document)
      )
        return
      const { root, problems } = parseYaml(text)
      expect(problems).toEqual([])
      expect(JSON.stringify(root ? toPlain(root) : null)).toBe(JSON.stringify(document.toJS()))
      compared++
    }),
    { numRuns: runs(400) },
  )
  expect(compared).toBeGreaterThan(runs(22))
})

function nodesOf(node: YamlNode): YamlNode[] {
  if (node.type === 'seq') return [node, ...node.items.flatMap(nodesOf)]
  return node.type === 'map'
    ? [node, ...node.entries.flatMap(({ value }) => nodesOf(value))]
    : [node]
}

function keysAreStrings(document: Document.Parsed): boolean {
  let result = true
  visit(document, {
    Seq: (_, { items }) => {
      result &&= !items.some(isPair)
    },
    Pair: (_, { key }) => {
      result &&= isScalar(key) && typeof key.value === 'string'
    },
  })
  return result
}

it('the span of an error at the end of a line does not include the line break', () => {
  const spans = (text: string) => parseYaml(text).problems.map(({ span }) => span)
  expect(spans('a: {b: c')).toEqual([{ start: 8, end: 8 }])
  expect(spans('a: {b: c\r\n').map(({ end }) => end)).not.toContain(9)
})
