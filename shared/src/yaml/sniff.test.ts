import fc from 'fast-check'
import { expect, it } from 'vitest'
import { entryOf } from './node.js'
import { parseYaml } from './parseYaml.js'
import { sniff } from './sniff.js'
import { runs } from '../testing/runs.js'

it.each([
  [
    'kind and apiVersion',
    'apiVersion: v1\nkind: Pod\n',
    { kind: 'Pod', apiVersion: 'v1', decided: true },
  ],
  [
    'quotes, comments, CRLF',
    '# c\r\n---\r\nkind: "Pod" # x\r\napiVersion: \'v1\'\r\n',
    { kind: 'Pod', apiVersion: 'v1', decided: true },
  ],
  ['no apiVersion', 'kind: Pod\n', { kind: 'Pod', apiVersion: undefined, decided: false }],
  [
    'no kind anywhere',
    'image: x\nports: [1]\n',
    { kind: undefined, apiVersion: undefined, decided: true },
  ],
  [
    'only a deeper kind',
    'spec:\n  kind: Pod\n',
    { kind: undefined, apiVersion: undefined, decided: true },
  ],
  [
    'kind in block text',
    'run: |\n  kind: Pod\n',
    { kind: undefined, apiVersion: undefined, decided: true },
  ],
  [
    'two kinds',
    'apiVersion: v1\nkind: ConfigMap\nkind: Pod\n',
    { kind: 'ConfigMap', decided: false },
  ],
  ['a quoted key', '"kind": Pod\napiVersion: v1\n', { decided: false }],
  ['an explicit key', '? kind\n: Pod\napiVersion: v1\n', { decided: false }],
  ['a merged kind', 'x: &x\n  apiVersion: v1\n  kind: Pod\n<<: *x\n', { decided: false }],
  ['a key with an anchor', 'apiVersion: v1\n&k kind: Pod\n', { decided: false }],
  ['a key with a tag', 'apiVersion: v1\n!!str kind: Pod\n', { decided: false }],
  ['an alias as key', 'x: &k kind\n*k : Pod\napiVersion: v1\n', { decided: false }],
  ['a key with an escape', 'apiVersion: v1\n"kin\\u0064": Pod\n', { decided: false }],
  ['a key with an escape in a flow mapping', '{"kin\\x64": Pod}\n', { decided: false }],
  [
    'an escape that is in no key',
    'run: "a\\u0064"\n',
    { kind: undefined, apiVersion: undefined, decided: true },
  ],
  ['a flow root', '{apiVersion: v1, kind: Pod}\n', { decided: false }],
  ['JSON', '{\n"kind":\n"Pod", "apiVersion": "v1"}\n', { decided: false }],
  ['an indented root', '  apiVersion: v1\n  kind: Pod\n', { decided: false }],
  ['content on the marker line', '--- {apiVersion: v1, kind: Pod}\n', { decided: false }],
  [
    'JSON without an apiVersion',
    '{"panels": [{"kind": "graph"}]}\n',
    { kind: undefined, apiVersion: undefined, decided: true },
  ],
  ['JSON with an escaped key', '{"kind": "Pod", "apiV\\u0065rsion": "v1"}\n', { decided: false }],
  ['an anchor', 'apiVersion: v1\nkind: &k Pod\n', { decided: false }],
  ['a value on the next line', 'apiVersion: v1\nkind:\n  Pod\n', { decided: false }],
  [
    'a value that continues on the next line',
    'apiVersion: v1\nkind: Pod\n\n  x\n',
    { decided: false },
  ],
  [
    'a quoted value that continues on the next line',
    'kind: Pod\napiVersion: "a\n  b"\n',
    { decided: false },
  ],
  [
    'a template',
    '{{- if .Values.x }}\napiVersion: v1\nkind: Pod\n{{- end }}\n',
    { kind: 'Pod', decided: false },
  ],
])('kind and apiVersion are read without parsing: %s', (_, text, expected) => {
  expect(sniff(text)).toMatchObject(expected)
})

const key = fc.constantFrom(
  'kind',
  '"kind"',
  "'kind'",
  '? kind\n',
  'apiVersion',
  '"apiVersion"',
  'metadata',
  'x',
  '<<',
)
const value = fc.constantFrom(
  ' Pod',
  ' "Pod"',
  ' Service # c',
  ' ConfigMap',
  '\n  Pod',
  ' &a Pod',
  ' *a',
  ' v1',
  ' apps/v1',
  ' {kind: Pod}',
  '\n  kind: Pod',
  '\n- kind: Pod',
  ' |\n  kind: Pod',
  ' "a\n  kind: Pod"',
  '',
  ' !!str Pod',
  ' $KIND',
)
const prefix = fc.constantFrom(
  '',
  '---\n',
  '--- # c\n',
  '# kind: x\n',
  '\n',
  '\uFEFF',
  '%YAML 1.2\n---\n',
  '  ',
  '--- ',
)
const block = fc
  .tuple(prefix, fc.array(fc.tuple(key, value), { maxLength: 5 }))
  .map(([head, pairs]) => head + pairs.map(([name, content]) => `${name}:${content}`).join('\n'))
const flow = fc
  .tuple(
    prefix,
    fc.array(fc.tuple(key, fc.constantFrom(' Pod', ' "Pod"', ' v1', '\nPod')), { maxLength: 4 }),
  )
  .map(
    ([head, pairs]) =>
      `${head}{${pairs.map(([name, content]) => `${name}:${content}`).join(', ')}}`,
  )

it('what is read without parsing is what the parser finds', () => {
  let decided = 0
  fc.assert(
    fc.property(fc.oneof({ weight: 3, arbitrary: block }, flow), (text) => {
      const surface = sniff(text)
      if (!surface.decided) return
      const { root, problems } = parseYaml(text)
      if (problems.length > 0) return
      const found = (name: string): string | undefined => {
        const node = entryOf(root, name)?.value
        return node?.type === 'scalar' && node.text !== '' ? node.text : undefined
      }
      if (surface.kind === undefined)
        expect([found('kind'), found('apiVersion')]).toContain(undefined)
      else expect([found('kind'), found('apiVersion')]).toEqual([surface.kind, surface.apiVersion])
      decided++
    }),
    { numRuns: runs(500) },
  )
  expect(decided).toBeGreaterThan(runs(50))
})
