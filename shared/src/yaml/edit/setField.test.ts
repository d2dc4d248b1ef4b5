import { expect, it } from 'vitest'
import { editText } from '../../testing/editText.js'
import type { PlainValue } from './operation.js'

type Case = readonly [
  name: string,
  text: string,
  path: readonly (string | number)[],
  value: PlainValue,
  result: string,
]

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
    'escapes characters that a reader does not see',
    'a: 1\n',
    ['a'],
    'x\u200b\u202e\u{e0041}é',
    'a: "x\\u200b\\u202e\\U000e0041é"\n',
  ],
  [
    'adds an entry with the indentation of its siblings',
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
    'replaces an absent value',
    'metadata:\n  labels: # none yet\n  name: x\n',
    ['metadata', 'labels', 'app'],
    'x',
    'metadata:\n  labels: # none yet\n    app: x\n  name: x\n',
  ],
  [
    'replaces an empty flow map by a block map',
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
    'quotes strings that would be no strings',
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
    'writes lists without indentation if the document does',
    'a:\n- 1\nspec:\n  x: 1\n',
    ['spec', 'targetRefs'],
    [{ kind: 'Gateway', group: 'g' }],
    'a:\n- 1\nspec:\n  x: 1\n  targetRefs:\n  - kind: Gateway\n    group: g\n',
  ],
  [
    'writes lists with indentation if the document does',
    'a:\n  - 1\nspec:\n  x: 1\n',
    ['spec', 'z'],
    [[1, 2], { a: [3] }],
    'a:\n  - 1\nspec:\n  x: 1\n  z:\n    - - 1\n      - 2\n    - a:\n        - 3\n',
  ],
  [
    'writes targetRefs above the rules and their comment',
    'spec:\n  # clients\n  rules:\n  - {}\n',
    ['spec', 'targetRefs'],
    [{ name: 'w' }],
    'spec:\n  targetRefs:\n  - name: w\n  # clients\n  rules:\n  - {}\n',
  ],
  [
    'writes the first field of an item after its dash',
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
    'keeps a flow list in flow style',
    'methods: ["GET"]\n',
    ['methods'],
    ['GET', 'PUT'],
    'methods: [GET, PUT]\n',
  ],
  [
    'quotes a word that YAML 1.1 does not read as a string',
    'a: yes # really\n',
    ['a'],
    'yes',
    'a: "yes" # really\n',
  ],
  ['changes nothing where the value is the same', 'a: "1"   # x\n', ['a'], '1', 'a: "1"   # x\n'],
  [
    'edits a document with markers',
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
    'writes JSON over several lines if the document does',
    '{\n  "metadata": {\n    "name": "x"\n  }\n}\n',
    ['metadata', 'labels'],
    { app: 'x' },
    '{\n  "metadata": {\n    "name": "x",\n    "labels": {\n      "app": "x"\n    }\n  }\n}\n',
  ],
]
it.each(cases)('set %s', (_, text, path, value, result) => {
  expect(editText(text, { op: 'set', path, value })).toBe(result)
})

it.each([
  ['below a scalar', 'a: 1\n', ['a', 'b']],
  ['an item that does not exist', 'a:\n- 1\n', ['a', 3]],
  ['a field that an alias repeats', 'a: &x\n  b: 1\nc: *x\n', ['a', 'b']],
  ['a field that a merge key repeats', 'a: &x\n  b: 1\nc:\n  <<: *x\n', ['a', 'b']],
  ['below an alias', 'a: &x\n  b: 1\nc: *x\n', ['c', 'b']],
  ['explicit keys', '? a\n: b\n', ['a']],
  ['a value with a tag', 'a: !!str 1\n', ['a']],
])('set makes no edit: %s', (_, text, path) => {
  expect(editText(text, { op: 'set', path, value: 7 })).toBeUndefined()
})

it('set edits a document with anchors and merge keys elsewhere', () => {
  expect(editText('a: &x\n  b: 1\nc: *x\nd: 1\n', { op: 'set', path: ['d'], value: 2 })).toBe(
    'a: &x\n  b: 1\nc: *x\nd: 2\n',
  )
  expect(editText('a: &x\n  b: 1\nc:\n  <<: *x\n', { op: 'set', path: ['c', 'b'], value: 2 })).toBe(
    'a: &x\n  b: 1\nc:\n  <<: *x\n  b: 2\n',
  )
})
