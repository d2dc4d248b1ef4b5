import { symlinkSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { fakeHelm } from '../helm/testing/fakeHelm.js'
import type { CheckReport, ReportedFinding } from './checkReport.js'
import { createCliFolder, type CliFolder } from './testing/cliFolder.js'
import { MESH } from './testing/commandMesh.js'
import { replaceIn } from '@istio-ambient-policy/shared/testing'

const POLICY = `{{- if .Values.on }}
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: {{ .Release.Name }}-get
spec:
  selector:
    matchLabels:
      app: api
  action: ALLOW
  rules:
    - to:
        - operation:
            methods: {{ .Values.methods | nindent 14 }}
{{- end }}
`
const RENDERED = `---
# Source: shop/templates/policy.yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: shop-get
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: ALLOW
  rules:
    - to:
        - operation:
            methods: [GET]
`
const CHART = {
  'charts/shop/Chart.yaml': 'name: shop\n',
  'charts/shop/values.yaml': 'on: true\nmethods: [GET]\n',
  'charts/shop/templates/policy.yaml': POLICY,
}
const SETTINGS = 'charts: [{path: charts/shop, release: web, namespace: shop}]\n'

let cli: CliFolder | undefined
afterEach(() => {
  cli?.remove()
})

type Files = Readonly<Record<string, string>>
type RunOptions = Parameters<CliFolder['run']>[1]

async function run(files: Files, args: readonly string[], options: RunOptions = {}) {
  cli?.remove()
  cli = createCliFolder({ 'mesh.yaml': MESH, ...files })
  return cli.run(args, { helm: fakeHelm(), ...options })
}

async function dropped(
  files: Files,
  args: readonly string[],
  options: RunOptions = {},
): Promise<ReportedFinding> {
  const { out } = await run(files, ['check', '--format', 'json', ...args], options)
  const { findings } = JSON.parse(out) as CheckReport
  return findings.find(({ rule }) => rule === 'l7-allow-rule-dropped')!
}

describe('rendered text', () => {
  it('a finding in standard input is at its template, and says where the text has it', async () => {
    const finding = await dropped({}, ['mesh.yaml', '-'], { stdin: RENDERED })
    expect(finding).toMatchObject({
      file: 'shop/templates/policy.yaml',
      range: { start: { line: 15 } },
      rendered: { file: '<stdin>', range: { start: { line: 15 } }, lineKnown: false },
    })
    const { out } = await run({}, ['check', 'mesh.yaml', '-'], { stdin: RENDERED })
    expect(out).toMatch(/^shop\/templates\/policy\.yaml \(<stdin>:16:13\) error /m)
    expect(out).toContain('  16 |             methods: [GET]\n')
    expect(out).toContain('rendered: <stdin>:16 (the line of the template is not known)')
  })

  it('a literal line of a template in the files is the place of the finding', async () => {
    const literal = replaceIn(POLICY, ['{{ .Values.methods | nindent 14 }}', '[GET]'])
    const finding = await dropped(
      { ...CHART, 'charts/shop/templates/policy.yaml': literal },
      ['mesh.yaml', '-'],
      { stdin: RENDERED },
    )
    expect(finding).toMatchObject({
      file: 'charts/shop/templates/policy.yaml',
      range: { start: { line: 13, character: 12 }, end: { line: 13, character: 19 } },
      rendered: { file: '<stdin>', lineKnown: true },
    })
  })

  it('a line that the template has twice has no place in the template', async () => {
    const twice = replaceIn(POLICY, ['{{ .Values.methods | nindent 14 }}', '[GET]'])
    const finding = await dropped(
      { ...CHART, 'charts/shop/templates/policy.yaml': `${twice}            methods: [GET]\n` },
      ['mesh.yaml', '-'],
      { stdin: RENDERED },
    )
    expect(finding).toMatchObject({
      file: 'charts/shop/templates/policy.yaml',
      rendered: { lineKnown: false },
    })
  })

  it('a rendered file is its own place if the template is not in the files', async () => {
    const own = await dropped({ 'out.yaml': RENDERED }, ['.'])
    expect(own).toMatchObject({ file: 'out.yaml', range: { start: { line: 15 } } })
    expect(own).not.toHaveProperty('rendered')
    const mapped = await dropped({ 'out.yaml': RENDERED, ...CHART }, ['mesh.yaml', 'out.yaml'])
    expect(mapped).toMatchObject({
      file: 'charts/shop/templates/policy.yaml',
      rendered: { file: 'out.yaml' },
    })
  })

  it('a comment that leads out of the folder, or into another chart, is ignored', async () => {
    const up = replaceIn(RENDERED, ['shop/templates', '../shop/templates'])
    expect(await dropped({}, ['mesh.yaml', '-'], { stdin: up })).toMatchObject({ file: '<stdin>' })
    const other = { ...CHART, 'charts/shop/Chart.yaml': 'name: other\n' }
    expect(await dropped(other, ['mesh.yaml', '-'], { stdin: RENDERED })).toMatchObject({
      file: 'shop/templates/policy.yaml',
    })
  })

  it.each([
    ['github', /::error file=shop\/templates\/policy\.yaml,title=/],
    ['gitlab', /"path": "shop\/templates\/policy\.yaml",\s+"lines": \{\s+"begin": 1,/],
    ['junit', /name="l7-allow-rule-dropped rendered 16:13"/],
    ['markdown', /in line 16 of the rendered text/],
    ['sarif', /"text": ".*rendered: <stdin>:16:13 \(the line of the template is not known\)/],
  ])(
    'the format %s does not show a line of the output as a line of the template',
    async (format, shown) => {
      const { out } = await run({}, ['check', '--format', format, 'mesh.yaml', '-'], {
        stdin: RENDERED,
      })
      expect(out).toMatch(shown)
      expect(out).not.toMatch(/"startLine": 16\b|line=16\b/)
    },
  )
})

describe('--helm', () => {
  it('a finding is at the line of the template', async () => {
    const finding = await dropped({ ...CHART, '.ambient-policy.yaml': SETTINGS }, ['--helm', '.'])
    expect(finding).toMatchObject({
      level: 'error',
      file: 'charts/shop/templates/policy.yaml',
      range: { start: { line: 13, character: 12 } },
      object: { namespace: 'shop', name: 'web-get' },
      rendered: { file: 'charts/shop/<helm template web>', lineKnown: true },
    })
  })

  it('all text of a template with one action is at the line of the action', async () => {
    const text = replaceIn(
      POLICY,
      [/\{\{- .*\n/g, ''],
      ['{{ .Release.Name }}', 'web'],
      ['{{ .Values.methods | nindent 14 }}', '[GET]'],
    )
    const chart = {
      ...CHART,
      'charts/shop/values.yaml': JSON.stringify({ text }),
      'charts/shop/templates/policy.yaml': '# All objects:\n{{ .Values.text -}}\n',
    }
    const finding = await dropped({ ...chart, '.ambient-policy.yaml': SETTINGS }, ['--helm', '.'])
    expect(finding).toMatchObject({
      file: 'charts/shop/templates/policy.yaml',
      range: { start: { line: 1 } },
      rendered: { lineKnown: true },
    })
  })

  it('without the setting, every chart in the folders is rendered with its own values', async () => {
    const { out, status, errors } = await run(CHART, ['check', '--helm', '--strict', '.'])
    expect(out).toContain('charts/shop/templates/policy.yaml:14:13 warning l7-allow-rule-dropped')
    expect([status, errors]).toEqual([0, []])
  })

  it('values files of the setting override those of the chart', async () => {
    const settings = 'charts: [{path: charts/shop, values: off.yaml, namespace: shop}]\n'
    const files = { ...CHART, 'off.yaml': 'on: false\n', '.ambient-policy.yaml': settings }
    expect(await dropped(files, ['--helm', '.'])).toBeUndefined()
  })

  it('evaluate uses the rendered objects, in the namespace of the chart', async () => {
    const files = { ...CHART, '.ambient-policy.yaml': SETTINGS }
    const request = ['--from', 'shop/web', '--to', 'workload shop/api', '--port', '8080']
    const { out } = await run(files, ['evaluate', '--format', 'json', '--helm', ...request, '.'])
    expect(JSON.parse(out)).toMatchObject({ verdict: 'deny' })
    const without = await run(files, ['evaluate', '--format', 'json', ...request, '.'])
    expect(JSON.parse(without.out)).toMatchObject({ verdict: 'allow' })
    expect(without.errors.join('\n')).toContain('use --helm for a chart')
  })

  it('without the option, helm does not run', async () => {
    const helm = (): never => {
      throw new Error('helm runs')
    }
    const { errors } = await run({ ...CHART, '.ambient-policy.yaml': SETTINGS }, ['check', '.'], {
      helm,
    })
    expect(errors).toEqual([
      'Helm chart "charts/shop" is not rendered, and its objects are unknown: templates/policy.yaml (AuthorizationPolicy). Check it with --helm, or check the output of "helm template charts/shop".',
    ])
  })

  it('a chart that cannot be rendered has one notice, and fails with --strict', async () => {
    const helm = (): Promise<{ status: 'missing' }> => Promise.resolve({ status: 'missing' })
    const { status, errors } = await run(CHART, ['check', '--helm', '.'], { helm })
    expect(errors).toEqual([
      'Helm chart "charts/shop" is not rendered: install helm, or check the output of "helm template"',
    ])
    expect(status).toBe(0)
    expect((await run(CHART, ['check', '--helm', '--strict', '.'], { helm })).status).toBe(2)
  })

  it('a chart outside of the folder is not rendered', async () => {
    cli?.remove()
    cli = createCliFolder({ ...CHART, 'mesh/mesh.yaml': MESH })
    cli.write('mesh/.ambient-policy.yaml', 'charts: [{path: ../charts/shop}, {path: linked}]\n')
    symlinkSync(`${cli.folder}/charts/shop`, `${cli.folder}/mesh/linked`)
    const { errors } = await cli.run(['check', '--helm', 'mesh'], { helm: fakeHelm() })
    expect(errors.map((line) => line.replace(/ the folder .*/, ''))).toEqual([
      'Helm chart "charts/shop" leads out of',
      'Helm chart "mesh/linked" leads out of',
      'mesh/linked is a symbolic link out of',
    ])
  })

  it('--fix does not write into a rendered template', async () => {
    const template = `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: {{ .Release.Name }}
spec:
  mtls:
    mode: DISABLE
`
    const { out, errors } = await run({ ...CHART, 'charts/shop/templates/policy.yaml': template }, [
      'check',
      '--helm',
      '--fix',
      '.',
    ])
    expect(out).toContain('charts/shop/templates/policy.yaml:7')
    expect(errors).toEqual([])
    expect(cli?.read('charts/shop/templates/policy.yaml')).toBe(template)
  })
})
