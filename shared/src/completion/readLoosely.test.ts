import { expect, it } from 'vitest'
import { readCursor } from '../testing/cursor.js'
import type { Cursor } from './looseDocument.js'
import { readLoosely } from './readLoosely.js'

function cursorOf(marked: string): Cursor | undefined {
  const { text, offset } = readCursor(marked)
  return readLoosely(text, offset).cursor
}

/** `path on "prefix"`. */
function at(marked: string): string | undefined {
  const cursor = cursorOf(marked)
  return cursor && `${cursor.path.join('.')} ${cursor.on} "${cursor.prefix}"`
}

it.each([
  ['█', ' open ""'],
  ['ki█', ' open "ki"'],
  ['kind: Aut█h', 'kind value "Aut"'],
  ['kind: █', 'kind value ""'],
  ['ki█nd: A', ' key "ki"'],
  ['spec:\n  █', 'spec open ""'],
  ['spec:\n  act█\n  rules: []', 'spec open "act"'],
  ['spec:\n  rules:\n  - fr█', 'spec.rules.0 open "fr"'],
  ['spec:\n  rules:\n  - from: []\n  - █', 'spec.rules.1 open ""'],
  ['spec:\n  rules:\n  - from: []\n    t█', 'spec.rules.0 open "t"'],
  ['spec:\n  rules:\n  - from: []\n  █', 'spec open ""'],
  ['spec:\n  rules:\n    █', 'spec.rules open ""'],
  [
    'spec:\n  rules:\n  - from:\n    - source:\n        principals:\n        - clus█',
    'spec.rules.0.from.0.source.principals.0 open "clus"',
  ],
  [
    'spec:\n  rules:\n  - from:\n    - source:\n        principals:\n        - a\n        - "b█"',
    'spec.rules.0.from.0.source.principals.1 open "b"',
  ],
  [
    'spec:\n  rules:\n  - from:\n    - source:\n        principals: ["a", "b█',
    'spec.rules.0.from.0.source.principals.1 open "b"',
  ],
  [
    'spec:\n  rules: [{from: [{source: {principals: [█]}}]}]',
    'spec.rules.0.from.0.source.principals.0 open ""',
  ],
  ['spec:\n  rules: [{from: [{source: {█}}]}]', 'spec.rules.0.from.0.source key ""'],
  ['spec:\n  rules: [{from: [{source: {a: [b], prin█', 'spec.rules.0.from.0.source key "prin"'],
  ['spec: {action: █\n', 'spec.action value ""'],
  ['spec: {action: AL█, rules: []}\n', 'spec.action value "AL"'],
  ['spec: {\n  action: A█\n}\n', 'spec.action value "A"'],
  ['a: [b█\nc: d\n', 'a.0 open "b"'],
  ['a: [b\nc: d█\n', 'c value "d"'],
  ['{"kind": "A", "spec": {"action": "█"}}', 'spec.action value ""'],
  ['{"spec": {"rules": [{"from": [{"sou█"', 'spec.rules.0.from.0 key "sou"'],
  [
    'metadata:\n  labels:\n    istio.io/use-waypoint: way█',
    'metadata.labels.istio.io/use-waypoint value "way"',
  ],
  ['metadata:\n  labels:\n    istio.io/█', 'metadata.labels open "istio.io/"'],
  ['a: # note█', undefined],
  ['a: |\n  text█\nb: c', undefined],
  ['a: |\n  text\nb: c█', 'b value "c"'],
  ['a: "b" █', undefined],
  ['spec:\r\n  action: AL█\r\n', 'spec.action value "AL"'],
  ['---\nspec:\n  a█', 'spec open "a"'],
])('the cursor is found in %j', (marked, expected) => {
  expect(at(marked)).toBe(expected)
})

it('the cursor has the word to replace, its quotes and its column', () => {
  expect(cursorOf('a:\n  - "x█y"')).toMatchObject({
    span: { start: 8, end: 10 },
    quote: '"',
    column: 4,
    inFlow: false,
  })
  expect(cursorOf('a: [b, c█d]')).toMatchObject({
    span: { start: 7, end: 9 },
    quote: '',
    inFlow: true,
  })
  expect(cursorOf('{ab█c: d}')).toMatchObject({ hasColon: true })
  expect(cursorOf('ab█c: d')).toMatchObject({ hasColon: true, span: { start: 0, end: 3 } })
})

it('the text before and after the cursor is read', () => {
  const { text, offset } = readCursor(
    `kind: "A"
spec:
  selector: {matchLabels: {app: web}}
  act█
  targetRefs:
  - kind: Service
    name: api # first
  - {kind: Gateway, name: w}
metadata:
  namespace: shop
`,
  )
  const document = readLoosely(text, offset)
  expect(document.value('kind')).toBe('A')
  expect(document.entries('spec', 'selector', 'matchLabels')).toEqual({ app: 'web' })
  expect(document.length('spec', 'targetRefs')).toBe(2)
  expect([
    document.value('spec', 'targetRefs', 0, 'name'),
    document.value('spec', 'targetRefs', 1, 'name'),
  ]).toEqual(['api', 'w'])
  expect(document.keys('spec')).toEqual(['selector', 'targetRefs'])
  expect(document.value('metadata', 'namespace')).toBe('shop')
})

it('reading ends for every text and every cursor', () => {
  const text =
    'a: [{b: "c\n- {d: [e, \'f\n  - g: |\n   h\n}]:\n"x": {y:\n\t- z\n---\n? [k]\n: *v\n!!t &a {'
  for (let length = 0; length <= text.length; length++)
    for (let cursor = 0; cursor <= length; cursor += 3) readLoosely(text.slice(0, length), cursor)
  expect(readLoosely(text, text.length).keys()).toContain('a')
})
