import fc from 'fast-check'
import { expect, it } from 'vitest'
import { lineStartsOf } from '../text/lineIndex.js'
import type { FieldPath, YamlNode } from '../yaml/node.js'
import { parseYaml } from '../yaml/parseYaml.js'
import { Outlines } from './outline.js'
import { readYaml } from '../testing/index.js'
import { SourceMapBuilder, type SourceMap } from './sourceMap.js'

interface Field {
  readonly path: FieldPath
  readonly key: { readonly start: number; readonly end: number } | undefined
  readonly node: YamlNode
}

/** Every field of a tree, in the order of the text, added to a builder. */
function addAll(builder: SourceMapBuilder, root: YamlNode): Field[] {
  const fields: Field[] = []
  const visit = (node: YamlNode, row: number, at: Omit<Field, 'node'>): void => {
    fields.push({ ...at, node })
    if (node.type === 'map')
      for (const entry of node.entries)
        visit(entry.value, builder.addEntry(row, entry.key, entry), {
          path: [...at.path, entry.key],
          key: entry.keySpan,
        })
    if (node.type === 'seq')
      for (const [index, item] of node.items.entries())
        visit(item, builder.addItem(row, index, item), {
          path: [...at.path, index],
          key: undefined,
        })
  }
  visit(root, builder.addObject(root), { path: [], key: undefined })
  return fields
}

function read(
  text: string,
  outlines: Outlines,
): { readonly map: SourceMap; readonly fields: readonly Field[] } {
  const { root } = parseYaml(text)
  if (!root) throw new Error(`No content in ${text}`)
  const builder = new SourceMapBuilder(outlines)
  const fields = addAll(builder, root)
  return { map: builder.build(lineStartsOf(text)), fields }
}

const key = fc.constantFrom('a', 'b', '0', 'istio.io/use-waypoint')
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.string({ maxLength: 200 }),
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
  ),
}))

it('every field has its spans when objects share outlines', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(tree, fc.constantFrom('', '# a comment\n', '\n'.repeat(300))), {
        minLength: 1,
        maxLength: 6,
      }),
      (objects) => {
        const outlines = new Outlines()
        const all = objects.map(([object, before]) =>
          read(before + JSON.stringify(object, undefined, 2), outlines),
        )
        for (const { map, fields } of all) {
          for (const { path, key: span, node } of fields) {
            const value = { start: node.start, end: node.end }
            expect(map.find(path)).toEqual({ key: span, value, exact: true, foreign: undefined })
            expect(map.find([...path, 'absent'])).toEqual({
              key: span,
              value,
              exact: false,
              foreign: undefined,
            })
            expect(map.ownDepth([...path, 'absent'])).toBe(path.length)
            if (node.type === 'scalar' && node.end > node.start)
              expect(map.pathAt(node.start + 1)).toEqual(path)
          }
        }
      },
    ),
  )
})

it('the fields of large objects have their spans', () => {
  const { map, fields } = read(
    JSON.stringify({
      kind: 'A',
      items: Array.from({ length: 300 }, (_, index) => ({ name: `n-${index}` })),
    }),
    new Outlines(),
  )
  for (const { path, key: span, node } of fields)
    expect(map.find(path)).toEqual({
      key: span,
      value: { start: node.start, end: node.end },
      exact: true,
      foreign: undefined,
    })
  expect([map.ownDepth(['items', 299, 'name', 'more']), map.find(['items', 300]).exact]).toEqual([
    3,
    false,
  ])
})

it('paths that no decoder read can be added, each field once', () => {
  const text = '{spec: {rules: [{from: [1, 2]}], other: x}}'
  const { root } = parseYaml(text)
  if (!root) throw new Error('nothing')
  const outlines = new Outlines()
  const builder = new SourceMapBuilder(outlines)
  builder.addObject(root)
  for (const path of [
    ['spec', 'rules', 0, 'from', 1],
    ['spec', 'rules', 0, 'from', 0],
    ['spec', 'other', 'nothing'],
    ['spec', 'rules', 0, 'from', 1],
  ])
    builder.record(root, path)
  const map = builder.build(lineStartsOf(text))
  expect(
    [
      ['spec', 'rules', 0, 'from', 1],
      ['spec', 'other'],
    ].map((path) => text.slice(map.find(path).value.start, map.find(path).value.end)),
  ).toEqual(['2', 'x'])
  expect(outlines.size).toBe(7)
})

it('objects with the same fields share an outline', () => {
  const outlines = new Outlines()
  const size = (text: string): number => {
    read(text, outlines)
    return outlines.size
  }
  expect(size('{kind: A, metadata: {name: a, labels: {app: a}}}')).toBe(5)
  expect(size('# another\n{kind: Bcd, metadata: {name: "b", labels: {app: long-long-long}}}')).toBe(
    5,
  )
  expect(size('{kind: A, metadata: {name: a, labels: {tier: a}}}')).toBe(6)
  expect(size('{kind: A, metadata: {name: a, labels: {app: b}}, spec: [1]}')).toBe(8)
})

it('the number of outlines is limited', () => {
  const outlines = new Outlines()
  for (let index = 0; index < 250_000; index++) outlines.with(outlines.object, 0, `typed-${index}`)
  expect(outlines.size).toBeLessThanOrEqual(100_000)
})

const DOCUMENT =
  '# c\n---\napiVersion: v1\nkind: Service\nmetadata:\n  name: a\n  labels: {istio.io/use-waypoint: wp}\nspec:\n  ports:\n  - port: 80\n    targetPort: http\n'
const [, document] = readYaml(DOCUMENT)
const source = document!.sources[0]!
const body = DOCUMENT.slice(DOCUMENT.indexOf('---'))
const spansOf = (path: (string | number)[]) => {
  const { key, value, exact } = source.find(path)
  return {
    key: key && body.slice(key.start, key.end),
    value: body.slice(value.start, value.end).trimEnd(),
    exact,
  }
}

it('a field has the spans of its key and value', () => {
  expect(spansOf(['metadata', 'name'])).toEqual({ key: 'name', value: 'a', exact: true })
  expect(spansOf(['metadata', 'labels', 'istio.io/use-waypoint'])).toEqual({
    key: 'istio.io/use-waypoint',
    value: 'wp',
    exact: true,
  })
  expect(spansOf(['spec', 'ports', 0, 'targetPort'])).toEqual({
    key: 'targetPort',
    value: 'http',
    exact: true,
  })
  expect(spansOf(['spec', 'ports', 0])).toMatchObject({ key: undefined, exact: true })
})

it('an absent field has the spans of its nearest ancestor', () => {
  expect(spansOf(['metadata', 'labels', 'missing'])).toMatchObject({ key: 'labels', exact: false })
  expect(spansOf(['spec', 'ports', 0, 'name', 'x'])).toEqual({
    key: undefined,
    value: 'port: 80\n    targetPort: http',
    exact: false,
  })
  expect(spansOf(['spec', 'ports', 4, 'port'])).toMatchObject({ key: 'ports', exact: false })
  expect(spansOf(['status'])).toMatchObject({
    key: undefined,
    exact: false,
    value: body.slice(4).trimEnd(),
  })
})
