import { expect, it } from 'vitest'
import { templateLines } from './templateLines.js'

/** Each line after `+` if it can have a comment, after `!` if it writes but cannot, after a space otherwise. */
function shown(text: string): string[] {
  return templateLines(text).map(
    (line) => `${line.takesComment ? '+' : line.writes ? '!' : ' '}${line.text}`,
  )
}

it.each([
  ['literal lines and values', ['+kind: {{ .Values.kind }}', '+  name: api', ' ', ' # comment']],
  [
    'lines with control actions only',
    [' {{- if .Values.on }}', ' {{ $x := 1 }}', '+a: 1', ' {{- end -}}', ' {{/* {{ note }} */}}'],
  ],
  ['output actions', ['+{{ include "labels" . | nindent 4 }}', '+{{- toYaml .Values.x }}']],
  [
    'an action of several lines',
    ['!a: {{ printf "}}"', '   .Values.name', '+  }}', ' {{- /*', ' b: 1', ' */}}', '+c: 1'],
  ],
  ['a string as an action', ['+{{ `{{ .x }}` }}', '+{{ "a" }}']],
  [
    'a condition in a line',
    ['!- {{- if .a }}', '+  a: 1', ' {{- end }}', '+b: [{{ if .b }}1{{ else }}2{{ end }}]'],
  ],
  ['an action that removes the line break', ['!a: {{ .Values.a -}}', '+  b']],
  [
    'a definition',
    [
      ' {{- define "x" }}',
      ' a: 1',
      ' {{- if .b }}',
      ' b: 1',
      ' {{- end }}',
      ' {{- end }}',
      '+c: 1',
    ],
  ],
  ['separators', ['+a: 1', '!---', '!--- # next', '!...', '+b: 1']],
  ['an action that does not end', ['+a: 1', '!b: {{ .Values', ' c: 1']],
  ['a definition that does not end', ['+a: 1', ' {{ define "x" }}', ' c: 1']],
])('the lines of a template: %s', (_, lines) => {
  expect(shown(lines.map((line) => line.slice(1)).join('\n'))).toEqual(lines)
})

it('line breaks are kept', () => {
  const text = 'a: 1\r\nb: 2\n\nc: 3'
  expect(
    templateLines(text)
      .map((line) => line.text + line.end)
      .join(''),
  ).toBe(text)
  expect(templateLines('')).toEqual([])
})
