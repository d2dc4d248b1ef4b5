import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { hostileFiles } from '../../../test-fixtures/hostile/inputs.mjs'
import { replaceAllIn, replaceIn } from '../testing/replaceIn.js'
import { parseAnyYaml } from './parseYaml.js'
import { readBlockYaml } from './readBlockYaml.js'
import { splitDocuments } from './splitDocuments.js'
import { runs } from '../testing/runs.js'

/**
 * Whether the block reader reads the text. If it does, the result must be the one of the `yaml`
 * package.
 */
function agrees(text: string): boolean {
  const block = readBlockYaml(text)
  if (block === undefined) return false
  const { root, problems } = parseAnyYaml(text)
  expect(problems).toEqual([])
  expect(block).toEqual(root)
  return true
}

const MANIFEST = `# c
---
apiVersion: security.istio.io/v1 # d
kind: AuthorizationPolicy
metadata:
  name: a
  labels: {app: "x", "app.kubernetes.io/name": 'y', n: 1, e: {}, l: [], t: [a, "b", -1]}
  annotations:
    text: >-
      some text
      over lines
    script: |
      if true; then

        echo "a: b" # c
      fi
    empty:
spec:
  rules:
  - from:
    - source:
        principals: ["a/b", 'c''d', e-f/*]
        notPrincipals:
        - "x\\ty"

        # a comment
        - z: 1
          w: [1.5, ~, true, 0x1F, -.inf, 1e3]
    to:
      - - a
        - b
      - operation: {ports: ["80"]}
  action: 'DENY'
  big: 010
  url: http://a.b:80/c#d
  dash: -x
  words: null
  tail: yes  `

it('a usual manifest is read by the block reader', () => {
  expect(agrees(MANIFEST)).toBe(true)
  expect(agrees(replaceAllIn(MANIFEST, ['\n', '\r\n']))).toBe(true)
  expect(agrees(`${MANIFEST}\n...\n# end\n`)).toBe(true)
})

it.each([
  'a: 1',
  'a:\n- b\n- c\nd: e\n',
  'a:\n  - b\n',
  'a:   # c\n  b: 1\n',
  '"a": 1\n',
  "'a b': 1\n",
  'a: |\n  x\n\n\nb: 1\n',
  'a: |-\n    x\n     y\n',
  'a: |\n  x  \nb: 1\n',
  'a: >\n  x\n  y\n',
  'a: {b: [c, {d: e}],}\n',
  'a: b#c\n',
  'a: "x" # c\n',
  replaceIn('a: - b\n', ['- ', '-']),
  'a: é😀\n',
  'a:\n\n\n  b:\n\nc:\n',
  'a: x \n',
  replaceIn('- a\n', ['- ', 'b: ']),
  '80: x\n',
  'a: "\\\\"\n',
  'a: +1\n',
  'a: 1_000\n',
  'a: .5\n',
  'a: 1.\n',
  'a: 0o17\n',
  'a: 12345678901234567890\n',
  'a: NaN\n',
  'a: .NaN\n',
  'a: x\u00a0\n',
  'a: [x\u00a0, y z]\n',
  'a: x :y # z\n',
  'a: [-/b, c]\n',
  'a: nullable\nb: falsely\nc: -x\nd: ~x\n',
  'a: &x 1\n',
  'a: &x  "b c" # d\nb: *x # c\nc:\n- *x\n- d: *x\n- *x\ne: &x f\ng:\n  h: *x\n\ni: *x',
  'a: &x-1 b\r\nc: *x-1\r\n',
  "a: &x 'b: c'\nd:\n  - e: &y f\n    g: *y\n  - *x\n",
])('the block reader reads %j', (text) => {
  expect(agrees(text)).toBe(true)
})

it.each([
  '',
  '# c\n',
  '- a\n',
  'a\n',
  '  a: 1\n',
  'a: *x\n',
  'a: &x\n  b: 1\n',
  'a: &x [1]\n',
  'a: &x\nb: 1\n',
  'a: &x |\n  b\n',
  'a: &x &y 1\n',
  'a: &x *x\n',
  'a: &x 1\nb: [*x]\n',
  'a: &x 1\n*x : b\n',
  'a: &x 1\nb: *x : c\n',
  'a: &x 1\nb: *x c\n',
  'a: &x 1\nb: *x\n  c\n',
  'a: &x 1\nb: *y\n',
  'a: &x.y 1\nb: *x.y\n',
  'a: &é 1\n',
  '&x a: 1\n',
  'a:\n- &x b: 1\n',
  'a:\n- &x "b": 1\n',
  'a: !!str 1\n',
  '%YAML 1.2\n---\na: 1\n',
  '? a\n: b\n',
  'a:\tb\n',
  'a: 1\na: 2\n',
  'a: b: c\n',
  'a: "x\n  y"\n',
  'a: x\n  y\n',
  'a: [1,\n 2]\n',
  'a: {b}\n',
  'a: {"b":1}\n',
  'a: [b: c]\n',
  'a: |2\n    x\n',
  'a: |+\n  x\n',
  'a: >\n  x\n\n  y\n',
  'a: "\\x41"\n',
  'a: [\n',
  'a: "x\n',
  'a: 1\n b: 2\n',
  'a:\n  b: 1\n c: 2\n',
  'a: %x\n',
  'a: @x\n',
  '<<: x\n',
  '{a: 1}\n',
  '--- {a: 1}\n',
  'a: 1\n---\nb: 2\n',
  'a: 1\rb: 2\r',
  'a: \u0000\n',
  'a: {{ .x }}\n',
  '{{ x }}\n',
  'a: "b" c\n',
  'a: [b] c\n',
  'a: |\n    x\n  y\n',
  'a:\n-\n- b\n',
  'a: ""b\n',
  'a : 1\n',
])('the block reader leaves %j to the yaml package', (text) => {
  expect(readBlockYaml(text)).toBeUndefined()
})

const edit = fc.record({
  at: fc.nat(2_000),
  remove: fc.nat(4),
  insert: fc.oneof(
    fc.constantFrom(
      '',
      ' ',
      '  ',
      '\n',
      '\n  ',
      '- ',
      ': ',
      ':',
      '#',
      ' #',
      '"',
      "'",
      '{',
      '}',
      '[',
      ']',
      ',',
      ', ',
      '|\n',
      '>\n',
      '&a',
      '*a',
      '!',
      '%',
      '@',
      '\\',
      '?',
      '~',
      '---',
      '...',
      'null',
      '\r\n',
      '\r',
      '\t',
      '.',
      '0',
      '<<',
      '\u00a0',
      '\u2028',
    ),
    fc.string({ maxLength: 2 }),
  ),
})

it('the block reader returns the tree of the yaml package for any text that it reads', () => {
  let taken = 0
  const starts = [MANIFEST, ...corpusOf('quiet')]
  fc.assert(
    fc.property(
      fc.constantFrom(...starts),
      fc.array(edit, { minLength: 1, maxLength: 4 }),
      (start, edits) => {
        const text = edits.reduce(
          (before, { at, remove, insert }) =>
            before.slice(0, at % before.length) +
            insert +
            before.slice((at % before.length) + remove),
          start,
        )
        if (agrees(text)) taken++
      },
    ),
    { numRuns: runs(600) },
  )
  expect(taken).toBeGreaterThan(runs(75))
})

it('the block reader returns the tree of the yaml package for every fixture', () => {
  const documents = [
    ...corpusOf('quiet'),
    ...[...hostileFiles({ big: false })].flatMap(([, content]) =>
      typeof content === 'string' && content.length < 20_000
        ? splitDocuments(content).map(({ text }) => text)
        : [],
    ),
  ]
  expect(documents.filter((text) => agrees(text)).length).toBeGreaterThan(100)
})

function corpusOf(folder: string): string[] {
  const root = fileURLToPath(new URL(`../../../test-fixtures/${folder}/`, import.meta.url))
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.yaml'),
  )
  return files
    .flatMap((file) => splitDocuments(readFileSync(root + file, 'utf8')).map(({ text }) => text))
    .filter((text) => text.length > 0)
}
