import { expect, it } from 'vitest'
import { replaceIn } from '../testing/replaceIn.js'
import { unusualDocuments } from './unusualKind.js'

const POLICY = 'apiVersion: security.istio.io/v1\nmetadata: {name: a}\n'

it.each([
  ['an escape in the key', `"kin\\u0064": AuthorizationPolicy\n${POLICY}`, false],
  ['an anchor at the key', `&k kind: AuthorizationPolicy\n${POLICY}`, false],
  ['a tag at the key', `${POLICY}!!str kind: AuthorizationPolicy\n`, false],
  ['an indented mapping', `  &k kind: a\n${replaceIn(POLICY, [/^/gm, '  '])}`, false],
  ['an alias as the key', `${POLICY}*k : AuthorizationPolicy\n`, false],
  ['a template of the kind', `${POLICY}kind: {{ .Values.kind }}\n`, true],
  ['a template of the document', '# a\n{{- if .a }}\n{{ include "x" . }}\n{{- end }}\n', true],
  ['a template of another language', '{% include "policy.yaml" %}\n', true],
])('a document that may be an object: %s', (_, text, isTemplate) => {
  expect(unusualDocuments(`a: 1\n---\n${text}`)).toEqual([{ line: 1, isTemplate }])
})

it.each([
  ['a plain kind', `kind: AuthorizationPolicy\n${POLICY}"a": 1\n`],
  ['nested keys', `a:\n  &k kind: a\n  apiVersion: b/v1\n`],
  ['no object', '"a": 1\n&b c: 2\n'],
  ['a chart', 'apiVersion: v2\nname: a\n"version": "1"\n'],
  ['the settings of a tool', '"apiVersion": 1\n!x kind: a\n'],
  ['a template of values', 'name: {{ .Values.name }}\n{{- if .a }}\nb: 1\n{{- end }}\n'],
  ['definitions only', '{{ define "x" }}\na: 1\n{{ end }}\n'],
  ['comments only', '{{/* a */}}\n# {{ b }}\n'],
])('a document that is no object: %s', (_, text) => {
  expect(unusualDocuments(text)).toEqual([])
})
