import { expect, it } from 'vitest'
import { editText } from '../../testing/editText.js'

const cases: (readonly [string, string, readonly (string | number)[], string])[] = [
  ['removes the line and its comment', 'a: 1\nb: 2 # two\nc: 3\n', ['b'], 'a: 1\nc: 3\n'],
  ['removes all lines of a map', 'a:\n  b: 1\n  # inside\n  c: 2\nd: 3\n', ['a'], 'd: 3\n'],
  [
    'leaves the comment of the next entry',
    'a:\n  b: 1\n# about d\nd: 3\n',
    ['a'],
    '# about d\nd: 3\n',
  ],
  [
    'removes comments that are indented deeper',
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
    'removes a list item',
    'rules:\n- from: a\n  to: b\n# second\n- to: c\n',
    ['rules', 0],
    'rules:\n# second\n- to: c\n',
  ],
  [
    'removes a list that becomes empty',
    'a:\n  rules:\n  - x\n  other: 1\n',
    ['a', 'rules', 0],
    'a:\n  other: 1\n',
  ],
  [
    'removes every parent that becomes empty',
    'a: 1\nb:\n  c:\n    d:\n      - e: 1\n',
    ['b', 'c', 'd', 0, 'e'],
    'a: 1\n',
  ],
  ['removes the first of a flow list', 'a: [x, y, z]\n', ['a', 0], 'a: [y, z]\n'],
  ['removes the last of a flow list', 'a: [x, y, z]\n', ['a', 2], 'a: [x, y]\n'],
  [
    'removes the only one of a flow list with its key',
    'a: [x]\nb: { c: 1 }\nd: 1\n',
    ['a', 0],
    'b: { c: 1 }\nd: 1\n',
  ],
  [
    'removes an entry of a flow map',
    'a: { x: 1, y: [1, 2], z: 3 }\n',
    ['a', 'y'],
    'a: { x: 1, z: 3 }\n',
  ],
  [
    'removes an entry of JSON',
    '{\n  "a": 1,\n  "b": {\n    "c": 2\n  }\n}\n',
    ['b', 'c'],
    '{\n  "a": 1\n}\n',
  ],
  [
    'removes a line of a flow list with comments',
    'a: [\n  x, # about x\n  y, # about y\n]\n',
    ['a', 1],
    'a: [\n  x, # about x\n]\n',
  ],
  ['keeps CRLF', 'a: 1\r\nb: 2\r\nc: 3\r\n', ['b'], 'a: 1\r\nc: 3\r\n'],
  ['keeps the absence of a final newline', 'a: 1\nb: 2', ['b'], 'a: 1'],
  ['keeps the absence of a final newline with CRLF', 'a: 1\r\nb:\r\n  c: 2', ['b'], 'a: 1'],
  ['removes block text', 'a: |\n  x\n\n  # y\nb: 1\n', ['a'], 'b: 1\n'],
  ['keeps blank lines', 'a: 1\n\nb: 2\n\nc: 3\n', ['b'], 'a: 1\n\n\nc: 3\n'],
  [
    'finds keys in quotes',
    'a:\n  "istio.io/use-waypoint": x\n  b: 1\n',
    ['a', 'istio.io/use-waypoint'],
    'a:\n  b: 1\n',
  ],
]
it.each(cases)('remove %s', (_, text, path, result) => {
  expect(editText(text, { op: 'remove', path })).toBe(result)
})

it.each([
  ['a field that does not exist', 'a: 1\n', ['b']],
  ['the only field', 'a:\n  b: 1\n', ['a', 'b']],
  ['an anchor that is used', 'a: &x 1\nb: *x\nc: 1\n', ['a']],
  ['one of two equal keys', 'a: 1\na: 2\nb: 1\n', ['a']],
])('remove makes no edit: %s', (_, text, path) => {
  expect(editText(text, { op: 'remove', path })).toBeUndefined()
})
