import { describe, expect, it } from 'vitest'
import { editDocument } from './editDocument.js'
import type { Operation, PlainValue } from './operation.js'
import { applyTextEdits } from './textEdit.js'

function edit(text: string, operation: Operation): string | undefined {
  const edits = editDocument(text, operation)
  return edits && applyTextEdits(text, edits)
}

type Case = readonly [
  name: string,
  text: string,
  path: readonly (string | number)[],
  value: PlainValue,
  result: string,
]

describe('set', () => {
  const cases: Case[] = [
    [
      'replaces a scalar and keeps its comment',
      'spec:\n  mtls:\n    mode: DISABLE # off\n',
      ['spec', 'mtls', 'mode'],
      'STRICT',
      'spec:\n  mtls:\n    mode: STRICT # off\n',
    ],
    [
      'keeps the quotes of the value before',
      'a: \'x\'\nb: "y"\n',
      ['a'],
      "it's",
      "a: 'it''s'\nb: \"y\"\n",
    ],
    [
      'adds an entry as its siblings stand',
      'metadata:\n    name: x\nspec: {}\n',
      ['metadata', 'namespace'],
      'shop',
      'metadata:\n    name: x\n    namespace: shop\nspec: {}\n',
    ],
    [
      'adds the parents that are missing',
      'metadata:\n  name: x\n',
      ['metadata', 'labels', 'istio.io/use-waypoint'],
      'waypoint',
      'metadata:\n  name: x\n  labels:\n    istio.io/use-waypoint: waypoint\n',
    ],
    [
      'fills an absent value',
      'metadata:\n  labels: # none yet\n  name: x\n',
      ['metadata', 'labels', 'app'],
      'x',
      'metadata:\n  labels: # none yet\n    app: x\n  name: x\n',
    ],
    [
      'fills an empty flow map in block style',
      'spec:\n  podSelector: {}\n  x: 1\n',
      ['spec', 'podSelector', 'matchLabels', 'app'],
      'api',
      'spec:\n  podSelector:\n    matchLabels:\n      app: api\n  x: 1\n',
    ],
    [
      'adds to a flow map in flow style',
      'labels: {app: x}\n',
      ['labels', 'tier'],
      'web',
      'labels: {app: x, tier: web}\n',
    ],
    [
      'keeps the padding of flow maps',
      'labels: { app: x }\n',
      ['labels', 'in'],
      { a: '1' },
      'labels: { app: x, in: { a: "1" } }\n',
    ],
    [
      'finds keys in quotes',
      'labels:\n  "istio.io/use-waypoint": "none"\n',
      ['labels', 'istio.io/use-waypoint'],
      'w',
      'labels:\n  "istio.io/use-waypoint": "w"\n',
    ],
    [
      'quotes strings that would be read as something else',
      'a: x\n',
      ['b'],
      [
        '8080',
        'true',
        '*',
        'null',
        'no',
        '1.5',
        '',
        'a: b',
        'x #y',
        '- z',
        '2024-01-01',
        '/api/*',
        '10.0.0.0/8',
        'cluster.local/ns/a/sa/b',
        'line\nbreak',
      ],
      'a: x\nb:\n  - "8080"\n  - "true"\n  - "*"\n  - "null"\n  - "no"\n  - "1.5"\n  - ""\n  - "a: b"\n  - "x #y"\n  - "- z"\n  - "2024-01-01"\n  - /api/*\n  - 10.0.0.0/8\n  - cluster.local/ns/a/sa/b\n  - "line\\nbreak"\n',
    ],
    [
      'leaves numbers and booleans plain',
      'a: x\n',
      ['b'],
      { port: 8080, on: true, none: null },
      'a: x\nb:\n  port: 8080\n  "on": true\n  none: null\n',
    ],
    [
      'lays lists flush where the document does',
      'a:\n- 1\nspec:\n  x: 1\n',
      ['spec', 'targetRefs'],
      [{ kind: 'Gateway', group: 'g' }],
      'a:\n- 1\nspec:\n  x: 1\n  targetRefs:\n  - kind: Gateway\n    group: g\n',
    ],
    [
      'lays lists indented where the document does',
      'a:\n  - 1\nspec:\n  x: 1\n',
      ['spec', 'z'],
      [[1, 2], { a: [3] }],
      'a:\n  - 1\nspec:\n  x: 1\n  z:\n    - - 1\n      - 2\n    - a:\n        - 3\n',
    ],
    [
      'writes targetRefs above the rules and their comment',
      'spec:\n  # who may\n  rules:\n  - {}\n',
      ['spec', 'targetRefs'],
      [{ name: 'w' }],
      'spec:\n  targetRefs:\n  - name: w\n  # who may\n  rules:\n  - {}\n',
    ],
    [
      'writes from behind the dash of its rule',
      'rules:\n- to:\n  - a\n',
      ['rules', 0, 'from'],
      ['b'],
      'rules:\n- from:\n  - b\n  to:\n  - a\n',
    ],
    [
      'keeps CRLF',
      'a:\r\n  b: 1\r\nc: 2\r\n',
      ['a', 'x'],
      { z: 1 },
      'a:\r\n  b: 1\r\n  x:\r\n    z: 1\r\nc: 2\r\n',
    ],
    ['adds no final newline', 'a: 1', ['b'], 2, 'a: 1\nb: 2'],
    [
      'replaces a map by a scalar',
      'a: # why\n  b: 1\n  c: 2\nd: 3\n',
      ['a'],
      'x',
      'a: x # why\nd: 3\n',
    ],
    [
      'replaces a scalar by a map',
      'a: 1 # why\nd: 3\n',
      ['a'],
      { b: [1] },
      'a: # why\n  b:\n    - 1\nd: 3\n',
    ],
    ['replaces a list by a map', 'a:\n- 1\n- 2\nd: 3\n', ['a'], { b: 1 }, 'a:\n  b: 1\nd: 3\n'],
    ['replaces a list by a list', 'a:\n  - 1\n  - 2\nd: 3\n', ['a'], [4], 'a:\n  - 4\nd: 3\n'],
    ['replaces block text', 'a: |\n  x\n  y\nb: 1\n', ['a'], 'z', 'a: z\nb: 1\n'],
    ['replaces an item', 'a:\n- x # one\n- b: 1\n  c: 2\n', ['a', 1], 'z', 'a:\n- x # one\n- z\n'],
    [
      'replaces an item by a map',
      'a:\n- x\n- y\n',
      ['a', 0],
      { b: 1, c: 2 },
      'a:\n- b: 1\n  c: 2\n- y\n',
    ],
    [
      'replaces in a flow list',
      'methods: ["GET", "PUT"] # two\n',
      ['methods', 1],
      'POST',
      'methods: ["GET", "POST"] # two\n',
    ],
    [
      'keeps a flow list one',
      'methods: ["GET"]\n',
      ['methods'],
      ['GET', 'PUT'],
      'methods: [GET, PUT]\n',
    ],
    [
      'quotes a word that YAML 1.1 reads as something else',
      'a: yes # really\n',
      ['a'],
      'yes',
      'a: "yes" # really\n',
    ],
    ['changes nothing where the value is the same', 'a: "1"   # x\n', ['a'], '1', 'a: "1"   # x\n'],
    [
      'edits below the document marker',
      '--- # first\na: 1\n...\n',
      ['b'],
      2,
      '--- # first\na: 1\nb: 2\n...\n',
    ],
    [
      'adds before comments that end a document',
      'spec:\n  a: 1\n  # b: 2\n# end\n',
      ['spec', 'c'],
      3,
      'spec:\n  a: 1\n  c: 3\n  # b: 2\n# end\n',
    ],
    [
      'adds to an object of a List',
      'kind: List\nitems:\n- metadata:\n    name: a\n- metadata:\n    name: b\n',
      ['items', 0, 'metadata', 'labels', 'x'],
      'y',
      'kind: List\nitems:\n- metadata:\n    name: a\n    labels:\n      x: "y"\n- metadata:\n    name: b\n',
    ],
    [
      'writes JSON into JSON',
      '{"metadata": {"name": "x"}}',
      ['metadata', 'labels'],
      { app: 'x' },
      '{"metadata": {"name": "x", "labels": {"app": "x"}}}',
    ],
    [
      'writes compact JSON into compact JSON',
      '{"metadata":{"name":"x"}}',
      ['metadata', 'labels'],
      { app: 'x', b: 1 },
      '{"metadata":{"name":"x","labels":{"app":"x","b":1}}}',
    ],
    [
      'lays JSON out as it is',
      '{\n  "metadata": {\n    "name": "x"\n  }\n}\n',
      ['metadata', 'labels'],
      { app: 'x' },
      '{\n  "metadata": {\n    "name": "x",\n    "labels": {\n      "app": "x"\n    }\n  }\n}\n',
    ],
  ]
  it.each(cases)('%s', (_, text, path, value, result) => {
    expect(edit(text, { op: 'set', path, value })).toBe(result)
  })

  it.each([
    ['below a scalar', 'a: 1\n', ['a', 'b']],
    ['an item that is not there', 'a:\n- 1\n', ['a', 3]],
    ['what an alias repeats', 'a: &x\n  b: 1\nc: *x\n', ['a', 'b']],
    ['what a merge key brings', 'a: &x\n  b: 1\nc:\n  <<: *x\n', ['a', 'b']],
    ['below an alias', 'a: &x\n  b: 1\nc: *x\n', ['c', 'b']],
    ['explicit keys', '? a\n: b\n', ['a']],
    ['a value with a tag', 'a: !!str 1\n', ['a']],
  ])('refuses %s', (_, text, path) => {
    expect(edit(text, { op: 'set', path, value: 7 })).toBeUndefined()
  })

  it('edits beside anchors and merge keys', () => {
    expect(edit('a: &x\n  b: 1\nc: *x\nd: 1\n', { op: 'set', path: ['d'], value: 2 })).toBe(
      'a: &x\n  b: 1\nc: *x\nd: 2\n',
    )
    expect(edit('a: &x\n  b: 1\nc:\n  <<: *x\n', { op: 'set', path: ['c', 'b'], value: 2 })).toBe(
      'a: &x\n  b: 1\nc:\n  <<: *x\n  b: 2\n',
    )
  })
})

describe('remove', () => {
  const cases: (readonly [string, string, readonly (string | number)[], string])[] = [
    ['takes the line and its comment', 'a: 1\nb: 2 # two\nc: 3\n', ['b'], 'a: 1\nc: 3\n'],
    ['takes all lines of a map', 'a:\n  b: 1\n  # inside\n  c: 2\nd: 3\n', ['a'], 'd: 3\n'],
    [
      'leaves the comment of the next entry',
      'a:\n  b: 1\n# about d\nd: 3\n',
      ['a'],
      '# about d\nd: 3\n',
    ],
    [
      'takes comments that stand deeper',
      'a:\n  b: 1\n  # c: 2\n# about d\nd: 3\n',
      ['a'],
      '# about d\nd: 3\n',
    ],
    [
      'keeps the dash of a list item',
      'rules:\n- from: a # x\n  to: b\n- to: c\n',
      ['rules', 0, 'from'],
      'rules:\n- to: b\n- to: c\n',
    ],
    [
      'keeps the dash before a comment',
      'rules:\n- from: a\n  # about to\n  to: b\n',
      ['rules', 0, 'from'],
      'rules:\n- # about to\n  to: b\n',
    ],
    ['keeps both dashes of nested lists', '- - a\n  - b\n', [0, 0], '- - b\n'],
    [
      'takes a list item',
      'rules:\n- from: a\n  to: b\n# second\n- to: c\n',
      ['rules', 0],
      'rules:\n# second\n- to: c\n',
    ],
    [
      'takes a list that is left empty',
      'a:\n  rules:\n  - x\n  other: 1\n',
      ['a', 'rules', 0],
      'a:\n  other: 1\n',
    ],
    [
      'takes every parent that is left empty',
      'a: 1\nb:\n  c:\n    d:\n      - e: 1\n',
      ['b', 'c', 'd', 0, 'e'],
      'a: 1\n',
    ],
    ['takes the first of a flow list', 'a: [x, y, z]\n', ['a', 0], 'a: [y, z]\n'],
    ['takes the last of a flow list', 'a: [x, y, z]\n', ['a', 2], 'a: [x, y]\n'],
    [
      'takes the only one of a flow list with its key',
      'a: [x]\nb: { c: 1 }\nd: 1\n',
      ['a', 0],
      'b: { c: 1 }\nd: 1\n',
    ],
    [
      'takes an entry of a flow map',
      'a: { x: 1, y: [1, 2], z: 3 }\n',
      ['a', 'y'],
      'a: { x: 1, z: 3 }\n',
    ],
    [
      'takes an entry of JSON',
      '{\n  "a": 1,\n  "b": {\n    "c": 2\n  }\n}\n',
      ['b', 'c'],
      '{\n  "a": 1\n}\n',
    ],
    [
      'takes a line of a flow list with comments',
      'a: [\n  x, # about x\n  y, # about y\n]\n',
      ['a', 1],
      'a: [\n  x, # about x\n]\n',
    ],
    ['keeps CRLF', 'a: 1\r\nb: 2\r\nc: 3\r\n', ['b'], 'a: 1\r\nc: 3\r\n'],
    ['keeps the absence of a final newline', 'a: 1\nb: 2', ['b'], 'a: 1'],
    ['keeps the absence of a final newline with CRLF', 'a: 1\r\nb:\r\n  c: 2', ['b'], 'a: 1'],
    ['takes block text', 'a: |\n  x\n\n  # y\nb: 1\n', ['a'], 'b: 1\n'],
    ['keeps blank lines', 'a: 1\n\nb: 2\n\nc: 3\n', ['b'], 'a: 1\n\n\nc: 3\n'],
    [
      'finds keys in quotes',
      'a:\n  "istio.io/use-waypoint": x\n  b: 1\n',
      ['a', 'istio.io/use-waypoint'],
      'a:\n  b: 1\n',
    ],
  ]
  it.each(cases)('%s', (_, text, path, result) => {
    expect(edit(text, { op: 'remove', path })).toBe(result)
  })

  it.each([
    ['what is not there', 'a: 1\n', ['b']],
    ['all there is', 'a:\n  b: 1\n', ['a', 'b']],
    ['an anchor that is used', 'a: &x 1\nb: *x\nc: 1\n', ['a']],
    ['one of two equal keys', 'a: 1\na: 2\nb: 1\n', ['a']],
  ])('refuses %s', (_, text, path) => {
    expect(edit(text, { op: 'remove', path })).toBeUndefined()
  })
})

describe('append', () => {
  const cases: Case[] = [
    [
      'adds to a flush list',
      'spec:\n  rules:\n  - a: 1 # one\nx: 1\n',
      ['spec', 'rules'],
      [{ b: { c: 2 } }],
      'spec:\n  rules:\n  - a: 1 # one\n  - b:\n      c: 2\nx: 1\n',
    ],
    [
      'adds to an indented list',
      'rules:\n    -   a: 1\n',
      ['rules'],
      [{ b: 1, c: 2 }],
      'rules:\n    -   a: 1\n    -   b: 1\n        c: 2\n',
    ],
    [
      'adds to a flow list',
      'ports: ["80"]\n',
      ['ports'],
      ['15008', 'x'],
      'ports: ["80", "15008", x]\n',
    ],
    [
      'adds to a list in JSON',
      '{"a": [\n  1\n]}',
      ['a'],
      [{ b: 2 }],
      '{"a": [\n  1,\n  {\n    "b": 2\n  }\n]}',
    ],
    ['makes a list', 'a: 1\n', ['b', 'c'], [1], 'a: 1\nb:\n  c:\n    - 1\n'],
    ['fills an empty list', 'a: []\nb: 1\n', ['a'], ['x'], 'a:\n  - x\nb: 1\n'],
    ['fills an absent value', 'a:\nb: 1\n', ['a'], ['x'], 'a:\n  - x\nb: 1\n'],
    [
      'keeps CRLF and the absence of a final newline',
      'a:\r\n- x',
      ['a'],
      ['z'],
      'a:\r\n- x\r\n- z',
    ],
    [
      'adds before comments that follow',
      'a:\n- x\n# about b\nb: 1\n',
      ['a'],
      ['z'],
      'a:\n- x\n- z\n# about b\nb: 1\n',
    ],
  ]
  it.each(cases)('%s', (_, text, path, values, result) => {
    expect(edit(text, { op: 'append', path, values: values as PlainValue[] })).toBe(result)
  })
})

it('appends nothing without a change', () => {
  expect(edit('a: 1\n', { op: 'append', path: ['b'], values: [] })).toBe('a: 1\n')
})

it('cannot append to what is no list', () => {
  expect(edit('a: 1\n', { op: 'append', path: ['a'], values: [1] })).toBeUndefined()
})

describe('rename', () => {
  it.each([
    [
      'a: 1\nspec:\n- principals: # who\n  - x\n',
      ['spec', 0, 'principals'],
      'serviceAccounts',
      'a: 1\nspec:\n- serviceAccounts: # who\n  - x\n',
    ],
    ['"a": 1\n', ['a'], 'b', '"b": 1\n'],
    ["{'a': 1}\n", ['a'], 'b', "{'b': 1}\n"],
    ['{"a": 1}\n', ['a'], 'b', '{"b": 1}\n'],
    ['a: 1\nb: 2\n', ['a'], 'b', undefined],
    ['a: 1\n', ['c'], 'b', undefined],
    ['- a\n', [0], 'b', undefined],
  ])('%j %j to %s', (text, path, to, result) => {
    expect(edit(text, { op: 'rename', path, to })).toBe(result)
  })
})

describe('comment', () => {
  it.each([
    ['above a field', 'a:\n  b: 1\n', ['a', 'b'], 'a:\n  # why\n  b: 1\n'],
    ['above a list item', 'a:\n  - b: 1\n', ['a', 0, 'b'], 'a:\n  # why\n  - b: 1\n'],
    [
      'above the line of a flow map',
      'a:\r\n  b: {c: 1}\r\n',
      ['a', 'b', 'c'],
      'a:\r\n  # why\r\n  b: {c: 1}\r\n',
    ],
    ['above the nearest ancestor', 'a:\n  b: 1\n', ['a', 'x', 'y'], '# why\na:\n  b: 1\n'],
    ['above the object', '---\nkind: X\n', [], '---\n# why\nkind: X\n'],
    ['not in JSON', '{\n "a": 1\n}', ['a'], undefined],
    ['not inside a string', 'a: {b: "x\n  y", c: 1}\n', ['a', 'c'], undefined],
  ])('stands %s', (_, text, path, result) => {
    expect(edit(text, { op: 'comment', path, text: 'why' })).toBe(result)
  })
})

describe('delete-lines', () => {
  it.each([
    ['a stray line', 'a: 1\nEOF\n', { start: 5, end: 8 }, 'a: 1\n'],
    [
      'a stray last line, but not the newline before it',
      'a: 1\r\nEOF',
      { start: 6, end: 9 },
      'a: 1\r\n',
    ],
    ['a comment line', 'a: 1\n  # x\nb: 2\n', { start: 7, end: 10 }, 'a: 1\nb: 2\n'],
    ['everything', 'a: 1\nb: 2\n', { start: 0, end: 10 }, ''],
    ['a comment behind a value', 'a: 1 \t # x\r\nb: 2\n', { start: 7, end: 10 }, 'a: 1\r\nb: 2\n'],
    ['a comment behind a marker', '--- # x\na: 1\n', { start: 4, end: 7 }, '---\na: 1\n'],
    ['no part of a value', 'a: 1 #x\nb: "y #z"\n', { start: 14, end: 17 }, undefined],
    [
      'nothing where a lone carriage return ends lines',
      '# a\r# b\nc: 1\n',
      { start: 0, end: 3 },
      undefined,
    ],
    ['no data', 'a: 1\nb: 2\n', { start: 0, end: 3 }, undefined],
  ])('deletes %s', (_, text, span, result) => {
    expect(edit(text, { op: 'delete-lines', span })).toBe(result)
  })
})
