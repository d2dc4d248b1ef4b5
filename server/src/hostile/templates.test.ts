import { afterAll, expect, it } from 'vitest'
import { runs } from '@istio-ambient-policy/shared/testing'
import { createCliFolder } from '../cli/testing/cliFolder.js'

const MANY = runs(2_000)
const OBJECT = `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: peer, namespace: shop}
spec: {mtls: {mode: DISABLED}}
`

/** Lines of a template, and of the text that Helm made of it. Neither has to be possible. */
const LINES: Readonly<Record<string, readonly [template: string, rendered: string]>> = {
  'many actions in a line': [`x: ${'{{ .Values.a }}a'.repeat(40)}b`, `x: ${'a'.repeat(2_000)}`],
  'many actions without an end': [`x: ${'{{'.repeat(MANY * 5)}`, 'x: a'],
  'many blocks in each other': ['{{ if .Values.a }}\nx: {{ .Values.a }}\n'.repeat(MANY), 'x: a'],
  'many definitions in blocks': [
    '{{ if 1 }}'.repeat(MANY) + '{{ define "a" }}'.repeat(MANY),
    'x: a',
  ],
  'many lines with actions': [
    'x: {{ .Values.a }}\n'.repeat(MANY),
    Array.from({ length: MANY }, (_, line) => `x: ${String(line)}\n`).join(''),
  ],
  'many documents': [
    '---\nx: {{ .Values.a }}\n'.repeat(MANY),
    '---\n# Source: chart/templates/peer.yaml\nx: 1\n'.repeat(MANY),
  ],
}

const folders = Object.entries(LINES).map(([name, [template, rendered]]) => {
  const { run, remove } = createCliFolder({
    'chart/Chart.yaml': 'name: chart\nversion: 1.0.0\n',
    'chart/templates/peer.yaml': `${OBJECT}${template}\n`,
    'rendered.yaml': `---\n# Source: chart/templates/peer.yaml\n${OBJECT}${rendered}\n`,
  })
  afterAll(remove)
  return { name, run }
})

it.each(folders)('the lines of a rendered template end in time: $name', async ({ run }) => {
  const { status, out } = await run(['check', '.', '--format', 'json'])
  const { findings } = JSON.parse(out) as { findings: { file: string; rule: string }[] }
  expect(status).toBe(1)
  expect(findings.map(({ file, rule }) => `${file} ${rule}`)).toContain(
    'chart/templates/peer.yaml invalid-resource',
  )
})
