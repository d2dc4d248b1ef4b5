import { expect, it } from 'vitest'
import { literalLines } from './literalLines.js'

/** Each line of the rendered text with the number of its template line, which starts at one. */
function numbered(template: string, rendered: string): string[] {
  const lines = rendered.split('\n')
  const starts = lines.flatMap((line, at) => (line === '---' ? [at] : []))
  const documents = [-1, ...starts].map((before, index) => ({
    start: before + 1,
    end: starts[index] ?? lines.length,
  }))
  const known = literalLines(lines, documents, template, { left: Infinity })
  return lines.map((line, at) => `${(known.get(at) ?? -2) + 1} ${line}`.replace(/^-1/, '-'))
}

it('a line that two documents have is known by the other lines of its document', () => {
  const template = `{{- if .Values.on }}
kind: Service
spec:
  ports: []
---
kind: Deployment
spec:
  ports: []
{{- end }}
`
  const rendered = 'kind: Deployment\nspec:\n  ports: []\n---\nkind: Service\nspec:\n  ports: []'
  expect(numbered(template, rendered)).toEqual([
    '6 kind: Deployment',
    '7 spec:',
    '8   ports: []',
    '- ---',
    '2 kind: Service',
    '3 spec:',
    '4   ports: []',
  ])
})

it('lines of values have the line of their action, if no other line can have written them', () => {
  const template = `metadata:
  name: {{ .Release.Name }}
  labels: {{ toYaml .Values.labels | nindent 4 }}
spec:
  rules:
    {{- toYaml .Values.rules | nindent 4 }}
`
  const rendered = 'metadata:\n  name: web\n  labels: \n    a: b\nspec:\n  rules:\n    - to: []'
  expect(numbered(template, rendered)).toEqual([
    '1 metadata:',
    '2   name: web',
    '3   labels: ',
    '3     a: b',
    '4 spec:',
    '5   rules:',
    '6     - to: []',
  ])
})

it('a line that a value or another branch can have written is not known', () => {
  const template = `spec:
  rules:
  {{- if .Values.rules }}
  {{- toYaml .Values.rules | nindent 2 }}
  {{- else }}
  - from: []
  {{- end }}
`
  expect(numbered(template, 'spec:\n  rules:\n  - from: []')).toEqual([
    '1 spec:',
    '2   rules:',
    '-   - from: []',
  ])
})

it('the lines before and after a line tell which of two lines of the template wrote it', () => {
  const template = `labels:
  {{- toYaml .Values.labels | nindent 2 }}
  app: web
  {{- if .Values.more }}
  more: a
  {{- end }}
`
  expect(numbered(template, 'labels:\n  a: b\n  app: web')).toEqual([
    '1 labels:',
    '2   a: b',
    '3   app: web',
  ])
  expect(numbered(template, 'labels:\n  more: a\n  app: web')).toEqual([
    '1 labels:',
    '2   more: a',
    '3   app: web',
  ])
  expect(numbered(template, 'labels:\n  app: web\n  more: a')).toEqual([
    '1 labels:',
    '3   app: web',
    '5   more: a',
  ])
})

it('the order of the lines is not used if there is a loop', () => {
  const template = `list:
{{- range .Values.names }}
- name: {{ . }}
  {{- if eq . "a" }}
  first: true
  {{- end }}
  port: {{ $.Values.port }}
{{- end }}
`
  const rendered = 'list:\n- name: a\n  first: true\n  port: 1\n- name: b\n  port: 1'
  expect(numbered(template, rendered)).toEqual([
    '1 list:',
    '3 - name: a',
    '5   first: true',
    '7   port: 1',
    '3 - name: b',
    '7   port: 1',
  ])
})

it('all text of a template with one include is from its line', () => {
  expect(numbered('{{- include "lib.all" . -}}\n', 'kind: Service\n---\nkind: Pod')).toEqual([
    '1 kind: Service',
    '- ---',
    '1 kind: Pod',
  ])
})

it('comments and definitions of a template are no place', () => {
  const template = `{{- /*
kind: Service
*/}}
{{- define "x" }}
name: a
{{- end }}
kind: Pod
`
  expect(numbered(template, 'kind: Service\nname: a\nkind: Pod')).toEqual([
    '- kind: Service',
    '- name: a',
    '7 kind: Pod',
  ])
})
