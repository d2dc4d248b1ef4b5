import fc from 'fast-check'
import { expect, it } from 'vitest'
import { hasOtherValues, isTemplate, withoutFilledInLines } from './isTemplate.js'
import { isPlaceholder } from './placeholder.js'
import { runs } from '../testing/runs.js'

it.each([
  ['an action on its own line', '{{- if .Values.on }}\nkind: Pod\n{{- end }}\n'],
  ['an action as a value', 'name: {{ .Release.Name }}\n'],
  ['an action in a list', 'a:\n  - {{ .x }}\n'],
  ['an action at a flow value', 'a: [b, {{ .x }}]\n'],
  ['an action after a flow scalar', 'a: [b{{ .x }}]\n'],
  ['an action on an indented line', 'labels:\n    {{- include "x" . | nindent 4 }}\n'],
  ['an action after block text has ended', 'a: |\n  text\nb: {{ .x }}\n'],
  ['an action as a key', '{{ .key }}: b\n'],
  ['a verb of printf', 'name: %s\n'],
  ['a numbered verb of printf', 'a: [b, %[1]d]\n'],
  ['a verb of printf on its own line', 'a: b\n%s\n'],
  ['a Jinja statement', '{% if x %}\na: b\n{% endif %}\n'],
  ['a comment of a template', '{{/* c */}}\na: b\n'],
])('is a template: %s', (_, text) => {
  expect(isTemplate(text)).toBe(true)
})

it.each([
  ['no braces', 'a: b\n'],
  ['in a comment', 'a: b # {{ .x }}\n# {{ .y }}\n'],
  ['in double quotes', 'a: "{{ .x }}"\n'],
  ['in single quotes', "a: '{{ .x }}'\n"],
  ['in quotes over lines', 'a: "x\n  {{ .y }}\n  z"\n'],
  ['in quotes with escapes', 'a: "\\"{{ .x }}"\n'],
  ['in single quotes with a doubled quote', "a: 'it''s {{ .x }}'\n"],
  ['in a literal block', 'a: |\n  {{ .x }}\n'],
  ['in a folded block with indicators', 'a: >2-\n    {{ .x }}\n'],
  ['in a block in a list', '- |\n  {{ .x }}\n'],
  ['in block text with blank lines', 'a: |\n  x\n\n  {{ .y }}\n'],
  ['a percentage', 'a: 50%\nb: "%s"\nc: x %s\n'],
  ['a directive', '%YAML 1.2\n---\na: b\n'],
  ['within a plain scalar', 'a: x-{{ .y }}-z\n'],
  [
    'an application set',
    "spec:\n  template:\n    metadata:\n      name: '{{cluster}}-guestbook'\n      url: https://x/{{cluster}}\n",
  ],
  ['a flow mapping that opens twice, apart', 'a: { b: { c: d } }\n'],
])('is no template: an action %s', (_, text) => {
  expect(isTemplate(text)).toBe(false)
})

it.each([
  ['a value of ytt', 'a:\n  b: #@ data.values.b\n', true],
  ['an item of ytt', 'a:\n  - #@ p\n', true],
  ['a statement of ytt', '#@ load("@ytt:data", "data")\na: b\n', true],
  ['a comment', 'a: b #@author\n#@ \n', false],
  ['an address in a comment', 'a: b # me@here #@ x\n', false],
  ['a quoted text', 'a: "b: #@ c"\n', false],
  [
    'values that SOPS encrypts',
    'a: ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]\nsops:\n  age: []\n',
    true,
  ],
  ['an encrypted text without its keys', 'a: ENC[AES256_GCM,data:x]\n', false],
])('values that are not those of the object: %s', (_, text, expected) => {
  expect(hasOtherValues(text)).toBe(expected)
})

it.each([
  ['a variable of envsubst on its own line', 'a: b\n  ${SPEC}\n', 'a: b\n\n'],
  ['a variable of the shell', 'a: b\n$SPEC\nc: d\n', 'a: b\n\nc: d\n'],
  ['a word for sed', 'a: b\n__SPEC__\n', 'a: b\n\n'],
  ['a tag of ERB', '<% if x %>\na: b\n<% end %>\n', '\na: b\n\n'],
  ['a value that Maven filters', 'a: @k8s.name@\n', 'a: \n'],
  ['a word in brackets before the rest', 'a: [DATA_SET]-api\n', 'a: -api\n'],
  ['a list of one word', 'a: [GET]\nb: [GET] x\n', undefined],
  ['a variable as a value', 'a: ${NAME}\nb: user@host\n', undefined],
])('lines that another tool fills in: %s', (_, text, without) => {
  expect(withoutFilledInLines(text)).toBe(without)
})

it('a text without an action is never a template', () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom(
          '{{',
          '}}',
          '"',
          "'",
          '\n',
          ' ',
          ':',
          '- ',
          '|',
          '#',
          'a',
          '\\',
          '[',
          '{',
        ),
        maxLength: 40,
      }),
      (text) => {
        expect(isTemplate(text) && !/\{\{/.test(text)).toBe(false)
      },
    ),
    { numRuns: runs(500) },
  )
})

it.each([
  '{{ .Release.Name }}',
  'a-{{x}}',
  '${NAME}',
  'x-${NAME:-y}',
  '$NAME',
  '$(POD_NAME)',
  '###name###',
  '${{ inputs.x }}',
  'REPLACE_WITH_EGRESS_CIDR',
  'REPLACE_ME',
  'REPLACEME',
  'CHANGE_ME',
  'CHANGEME',
  'team-YOUR_TEAM',
  'cluster.local/ns/<NAMESPACE>/sa/api',
])('%s is a placeholder', (value) => {
  expect(isPlaceholder(value)).toBe(true)
})

it.each([
  ...['', 'shop', '5$', '$', 'a$b', '{}', '{ {', '#', '##a##', '*', 'price-$5', '^a$'],
  ...[
    '/REPLACE',
    'EXCHANGE_MEMBER',
    'X-CHANGE',
    'change_me',
    '*<script>*',
    'AT_YOUR_SERVICE',
    'a<B',
  ],
])('%j is no placeholder', (value) => {
  expect(isPlaceholder(value)).toBe(false)
})
