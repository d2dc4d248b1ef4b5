import { describe, expect, it } from 'vitest'
import { editText } from '../../testing/editText.js'
import type { PlainValue } from './operation.js'

type Case = readonly [
  name: string,
  text: string,
  path: readonly (string | number)[],
  value: PlainValue,
  result: string,
]

describe('append', () => {
  const cases: Case[] = [
    [
      'adds to a list without indentation',
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
    ['creates a list', 'a: 1\n', ['b', 'c'], [1], 'a: 1\nb:\n  c:\n    - 1\n'],
    ['replaces an empty list', 'a: []\nb: 1\n', ['a'], ['x'], 'a:\n  - x\nb: 1\n'],
    ['replaces an absent value', 'a:\nb: 1\n', ['a'], ['x'], 'a:\n  - x\nb: 1\n'],
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
  it.each(cases)('append %s', (_, text, path, values, result) => {
    expect(editText(text, { op: 'append', path, values: values as PlainValue[] })).toBe(result)
  })
})

it('append without values changes nothing', () => {
  expect(editText('a: 1\n', { op: 'append', path: ['b'], values: [] })).toBe('a: 1\n')
})

it('append makes no edit of a value that is no list', () => {
  expect(editText('a: 1\n', { op: 'append', path: ['a'], values: [1] })).toBeUndefined()
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
  ])('rename in %j: %j to %s', (text, path, to, result) => {
    expect(editText(text, { op: 'rename', path, to })).toBe(result)
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
    ['to no JSON document', '{\n "a": 1\n}', ['a'], undefined],
    ['not inside of a string', 'a: {b: "x\n  y", c: 1}\n', ['a', 'c'], undefined],
  ])('a comment is added %s', (_, text, path, result) => {
    expect(editText(text, { op: 'comment', path, text: 'why' })).toBe(result)
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
    ['a comment after a value', 'a: 1 \t # x\r\nb: 2\n', { start: 7, end: 10 }, 'a: 1\r\nb: 2\n'],
    ['a comment after a marker', '--- # x\na: 1\n', { start: 4, end: 7 }, '---\na: 1\n'],
    ['no part of a value', 'a: 1 #x\nb: "y #z"\n', { start: 14, end: 17 }, undefined],
    [
      'nothing in a text with carriage returns alone',
      '# a\r# b\nc: 1\n',
      { start: 0, end: 3 },
      undefined,
    ],
    ['no data', 'a: 1\nb: 2\n', { start: 0, end: 3 }, undefined],
  ])('delete-lines deletes %s', (_, text, span, result) => {
    expect(editText(text, { op: 'delete-lines', span })).toBe(result)
  })
})
