import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nodeHost } from '../nodeHost.js'
import { ChartRenderer, type ChartOutput, type ChartRequest } from './chartRenderer.js'
import type { HelmCommand } from './helmCommand.js'
import { fakeHelm } from './testing/fakeHelm.js'

let root: string

beforeEach(() => {
  root = nodeHost.realPath(mkdtempSync(join(tmpdir(), 'charts-')))
})
afterEach(() => {
  rmSync(root, { recursive: true, force: true })
})

function write(files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
}

/** Renders the chart in the folder `chart`, with one template. */
function render(
  template: string | Readonly<Record<string, string>>,
  given: Partial<ChartRequest> & { readonly helm?: HelmCommand } = {},
): Promise<ChartOutput> {
  const templates = typeof template === 'string' ? { 'x.yaml': template } : template
  write({
    'chart/Chart.yaml': 'name: shop\n',
    ...Object.fromEntries(
      Object.entries(templates).map(([name, text]) => [`chart/templates/${name}`, text]),
    ),
  })
  const { helm = fakeHelm(), ...request } = given
  return new ChartRenderer(nodeHost, helm).render({
    folder: `${root}/chart`,
    values: [],
    release: 'r',
    namespace: undefined,
    root,
    ...request,
  })
}

/** Each line of the output with the number of its template line, which starts at one. */
function numbered({ text, places }: ChartOutput): string[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line, at) => `${places[at] ? places[at].line + 1 : '-'} ${line}`)
}

describe('the template lines of the output', () => {
  it('values, conditions, loops and lists have the lines that write them', async () => {
    write({ 'chart/values.yaml': 'on: true\nnames: [web, cart]\nlist: [GET, HEAD]\n' })
    const output = await render(`{{- if .Values.on }}
kind: Service
metadata:
  name: {{ .Release.Name }}
spec:
  {{- range .Values.names }}
  - name: {{ . }}
    port: 80
  {{- end }}
list: {{ .Values.list | nindent 2 }}
{{- end }}
`)
    expect(numbered(output)).toEqual([
      '- ---',
      '- # Source: shop/templates/x.yaml',
      '2 kind: Service',
      '3 metadata:',
      '4   name: r',
      '5 spec:',
      '7   - name: web',
      '8     port: 80',
      '7   - name: cart',
      '8     port: 80',
      '10 list: ',
      '10   - GET',
      '10   - HEAD',
    ])
    expect(output.places[2]?.template).toBe('templates/x.yaml')
  })

  it('documents in another order than in the templates keep their lines', async () => {
    const output = await render({
      'a.yaml': 'kind: Deployment\n---\nkind: Namespace\n',
      'b.yaml': '# b\nkind: Service\n',
    })
    expect(numbered(output)).toEqual([
      '- ---',
      '- # Source: shop/templates/a.yaml',
      '3 kind: Namespace',
      '- ---',
      '- # Source: shop/templates/b.yaml',
      '2 # b',
      '2 kind: Service',
      '- ---',
      '- # Source: shop/templates/a.yaml',
      '1 kind: Deployment',
    ])
  })

  it('a line that can come from two template lines has no place', async () => {
    const output = await render('kind: {{ .Release.Name -}}\n\nx\nspec: {}\nother: 1\n')
    expect(numbered(output).slice(2)).toEqual(['3 kind: rx', '4 spec: {}', '5 other: 1'])
    const split = await render('a: {{ .Values.none | nindent 2 -}}\n\nb: 1\n')
    expect(numbered(split).slice(2)).toEqual(['- a: ', '3   b: 1'])
  })

  it('a line that ends in a condition does not have the place of the next line', async () => {
    const output = await render(`rules:
  - {{- if .Values.none }}
    a: 1
    {{- end }}
    b: 1
`)
    expect(numbered(output).slice(2)).toEqual(['1 rules:', '-   -', '5     b: 1'])
  })

  it('a template that is no YAML with comments has no places, and the others have', async () => {
    const output = await render({
      'a.yaml': 'kind: Service\ntext: word {{ .Release.Name }}\n  goes on\n',
      'b.yaml': 'kind: Deployment\n',
    })
    expect(numbered(output)).toEqual([
      '- ---',
      '- # Source: shop/templates/a.yaml',
      '- kind: Service',
      '- text: word r',
      '-   goes on',
      '- ---',
      '- # Source: shop/templates/b.yaml',
      '1 kind: Deployment',
    ])
  })

  it('a chart that writes marks of its own gets no place from them', async () => {
    const output = await render('kind: Service\nx: "#@a:0:7@"\ny: 1 #@:0:9@\n')
    expect(numbered(output).slice(2)).toEqual([
      '1 kind: Service',
      '2 x: "#@a:0:7@"',
      '3 y: 1 #@:0:9@',
    ])
  })
})

describe('running helm', () => {
  it('gets release, namespace and values, and a home of its own', async () => {
    write({ 'prod.yaml': 'name: b\n', 'chart/values.yaml': 'name: a\n' })
    const { text } = await render('a: {{ .Values.name }}-{{ .Release.Namespace }}\n', {
      values: [`${root}/prod.yaml`],
      namespace: 'shop',
    })
    expect(text).toContain('a: b-shop\n')
  })

  it('the same content is rendered once', async () => {
    let runs = 0
    const helm: HelmCommand = (args, home) => {
      runs++
      return fakeHelm()(args, home)
    }
    write({ 'chart/Chart.yaml': 'name: shop\n', 'chart/templates/x.yaml': 'kind: Service\n' })
    const renderer = new ChartRenderer(nodeHost, helm)
    const request = {
      folder: `${root}/chart`,
      values: [],
      release: 'r',
      namespace: undefined,
      root,
    }
    const first = await renderer.render(request)
    expect(await renderer.render(request)).toBe(first)
    expect(runs).toBe(2)
    write({ 'chart/templates/x.yaml': 'kind: Deployment\n' })
    expect((await renderer.render(request)).text).toContain('Deployment')
  })

  it('leaves no temporary folder', async () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('ambient-policy-'))
    await render('a: 1\n')
    await expect(render('a: {{ x\n')).rejects.toThrow('unclosed action')
    const after = readdirSync(tmpdir()).filter((name) => name.startsWith('ambient-policy-'))
    expect(after.filter((name) => !before.includes(name))).toEqual([])
  })

  it.each<[string, HelmCommand, string]>([
    [
      'no helm on this machine',
      () => Promise.resolve({ status: 'missing' }),
      'is not rendered: install helm, or check the output of "helm template"',
    ],
    [
      'an error of helm',
      () => Promise.resolve({ status: 'failed', message: 'Error: no values\nsee --help' }),
      'is not rendered: no values',
    ],
  ])('the reason why a chart is not rendered: %s', async (_, helm, message) => {
    await expect(render('a: 1\n', { helm })).rejects.toThrow(message)
  })

  it('helm is stopped after the time limit', async () => {
    write({ 'chart/values.yaml': 'sleep: 60000\n' })
    await expect(render('a: 1\n', { helm: fakeHelm(1_000) })).rejects.toThrow('helm takes too long')
  })
})

describe('paths of a chart', () => {
  it('a symbolic link out of the folder is an error', async () => {
    write({ 'chart/Chart.yaml': 'name: shop\n', 'inside.yaml': 'a: 1\n' })
    symlinkSync(`${root}/inside.yaml`, `${root}/chart/values.yaml`)
    await expect(render('a: 1\n')).resolves.toBeDefined()
    symlinkSync('/etc', `${root}/chart/files`)
    await expect(render('a: 1\n')).rejects.toThrow('leads out of the folder')
  })

  it('values and charts outside of the root are errors', async () => {
    await expect(render('a: 1\n', { values: ['/etc/passwd'] })).rejects.toThrow(
      'leads out of the folder',
    )
    await expect(render('a: 1\n', { root: `${root}/chart/templates` })).rejects.toThrow(
      'leads out of the folder',
    )
    await expect(render('a: 1\n', { values: [`${root}/none.yaml`] })).rejects.toThrow(
      /its values file .*none\.yaml does not exist/,
    )
  })

  it('a folder without Chart.yaml is no chart', async () => {
    mkdirSync(`${root}/empty`)
    await expect(render('a: 1\n', { folder: `${root}/empty` })).rejects.toThrow('has no Chart.yaml')
  })
})
