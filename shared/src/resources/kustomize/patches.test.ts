import { expect, it } from 'vitest'
import type { YamlMap, YamlNode } from '../../yaml/node.js'
import { toPlain } from '../../yaml/node.js'
import { parseYaml } from '../../yaml/parseYaml.js'
import { isAppliedJsonPatch, jsonPatch } from './jsonPatch.js'
import { strategicMerge } from './strategicMerge.js'
import { isTargeted, readTarget } from './target.js'

function map(text: string): YamlMap {
  const { root } = parseYaml(text)
  if (root?.type !== 'map') throw new Error(text)
  return root
}

it.each<[string, string, string, unknown]>([
  ['{a: 1, b: {c: 2}}', '{b: {d: 3}}', 'adds', { a: 1, b: { c: 2, d: 3 } }],
  ['{a: 1, b: {c: 2}}', '{a: null, b: {c: null}}', 'removes', { b: {} }],
  ['{b: {c: 2}}', '{b: {$patch: replace, d: 1}}', 'replaces a mapping', { b: { d: 1 } }],
  ['{b: {c: 2}, e: 1}', '{b: {$patch: delete}}', 'deletes a mapping', { e: 1 }],
  ['{a: 1}', '{$patch: delete}', 'deletes the object', undefined],
  ['{a: [1, 2]}', '{a: [3]}', 'replaces a list', { a: [3] }],
  ['{a: {b: 1}}', '{a: x}', 'changes a type', { a: 'x' }],
  [
    '{}',
    '{a: {b: null, $patch: merge, c: [{d: null, e: 1}]}}',
    'adds without directives and nulls',
    { a: { c: [{ e: 1 }] } },
  ],
  [
    '{containers: [{name: a, x: 1}, {name: b}]}',
    '{containers: [{name: c}, {name: a, y: 2}]}',
    'merges by name, its own first',
    { containers: [{ name: 'c' }, { name: 'a', x: 1, y: 2 }, { name: 'b' }] },
  ],
  [
    '{containers: [{name: a}, {name: b}]}',
    '{containers: [{name: a, $patch: delete}, {name: z, $patch: delete}]}',
    'deletes an item',
    { containers: [{ name: 'b' }] },
  ],
  [
    '{containers: [{name: a}]}',
    '{containers: [{$patch: replace}, {name: b}]}',
    'replaces a list that is merged',
    { containers: [{ name: 'b' }] },
  ],
  [
    '{ports: [{port: 1, protocol: UDP}, {port: 1}]}',
    '{ports: [{port: 1, protocol: TCP, x: y}]}',
    'distinguishes ports by protocol',
    {
      ports: [
        { port: 1, protocol: 'UDP' },
        { port: 1, protocol: 'TCP', x: 'y' },
      ],
    },
  ],
])('a strategic merge of %s with %s %s', (target, patch, _, expected) => {
  const merged = strategicMerge(map(target), map(patch), true)
  expect(merged && toPlain(merged)).toEqual(expected)
})

it('a strategic merge replaces lists of custom resources', () => {
  expect(
    toPlain(
      strategicMerge(map('{ports: [{port: 1}]}'), map('{ports: [{port: 2}]}'), false) ?? map('{}'),
    ),
  ).toEqual({ ports: [{ port: 2 }] })
})

it.each<[string, string, unknown]>([
  [
    '{a: {b: [1, 2]}}',
    '[{op: add, path: /a/b/0, value: 0}, {op: add, path: /a/b/-, value: 3}]',
    { a: { b: [0, 1, 2, 3] } },
  ],
  [
    '{a: {x/y: 1, z~: 2}}',
    '[{op: replace, path: /a/x~1y, value: 2}, {op: remove, path: /a/z~0}]',
    { a: { 'x/y': 2 } },
  ],
  [
    '{a: [{b: 1}]}',
    '[{op: replace, path: /a/0/b, value: {c: 1}}, {op: add, path: /a/0/d, value: 1}]',
    { a: [{ b: { c: 1 }, d: 1 }] },
  ],
  ['{a: [1, 2]}', '[{op: replace, path: /a/1, value: 3}, {op: remove, path: /a/0}]', { a: [3] }],
  ['{a: 1}', '[{op: test, path: /a, value: 2}, {op: add, path: /b, value: 1}]', { a: 1, b: 1 }],
  ['{a: 1}', '[{op: add, path: /b, value: 1}, {op: replace, path: /c, value: 1}]', { a: 1 }],
  ['{a: 1}', '[{op: add, path: /b/c, value: 1}]', { a: 1 }],
  ['{a: [1]}', '[{op: add, path: /a/2, value: 1}]', { a: [1] }],
  ['{a: [1]}', '[{op: remove, path: /a/x}]', { a: [1] }],
  ['{a: [1]}', '[{op: remove, path: /a/0/b}]', { a: [1] }],
])('a JSON patch of %s: %s', (target, operations, expected) => {
  const { root } = parseYaml(operations)
  if (root?.type !== 'seq') throw new Error(operations)
  expect(toPlain(jsonPatch(map(target), root))).toEqual(expected)
})

it.each([
  ['[{op: add, path: /a, value: 1}]', true],
  ['[{op: move, path: /a, from: /b}]', false],
  ['[{op: add, path: a, value: 1}]', false],
  ['[{path: /a}]', false],
  ['[1]', false],
])('the JSON patch %s is supported: %s', (operations, expected) => {
  const { root } = parseYaml(operations)
  expect(root?.type === 'seq' && isAppliedJsonPatch(root)).toBe(expected)
})

const OBJECT: YamlNode = map('{metadata: {labels: {app: api, tier: web}, annotations: {a: b}}}')

it.each<[string, boolean | undefined]>([
  ['{}', true],
  ['{kind: Deployment}', true],
  ['{kind: Deploy}', false],
  ['{kind: "Deploy.*"}', true],
  ['{group: apps, version: v1}', true],
  ['{group: batch}', false],
  ['{version: v2}', false],
  ['{name: api}', true],
  ['{name: p-api}', true],
  ['{name: q-api}', false],
  ['{name: "q-api|api"}', true],
  ['{namespace: default}', true],
  ['{namespace: prod}', true],
  ['{namespace: other}', false],
  ['{labelSelector: app=api}', true],
  ['{labelSelector: "app==api, tier!=db"}', true],
  ['{labelSelector: "app!=api"}', false],
  ['{labelSelector: "tier in (db, web)"}', true],
  ['{labelSelector: "tier notin (web)"}', false],
  ['{labelSelector: "none notin (web)"}', true],
  ['{labelSelector: "app,!none"}', true],
  ['{labelSelector: "none"}', false],
  ['{annotationSelector: a=b}', true],
  ['{annotationSelector: a=c}', false],
  ['{labelSelector: "app in"}', undefined],
  ['{name: "("}', undefined],
  ['{name: "(a*)*"}', false],
  ['{name: "([a-z-]*)*"}', true],
  ['{name: ".*a.*b.*c.*"}', false],
  ['{name: "(?i)API"}', undefined],
])('the target %s matches: %s', (target, expected) => {
  const read = readTarget(map(target))
  expect(
    read &&
      isTargeted(
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          ids: [
            { name: 'api', namespace: '' },
            { name: 'x-api', namespace: '' },
            { name: 'p-api', namespace: 'prod' },
          ],
          root: OBJECT,
        },
        read,
      ),
  ).toBe(expected)
})
