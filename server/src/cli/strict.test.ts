import { afterAll, describe, expect, it } from 'vitest'
import { HostError, type WritableHost } from '../host.js'
import { nodeHost } from '../nodeHost.js'
import type { CheckReport } from './checkReport.js'
import { createCliFolder } from './testing/cliFolder.js'
import { MESH } from './testing/commandMesh.js'
import { ALLOW_GET } from './testing/meshFiles.js'
import { replaceIn } from '@istio-ambient-policy/shared/testing'

const TEMPLATE = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\n'
const INCLUDE = '{{- if .Values.on }}\n{{ include "common.service" . }}\n{{- end }}\n'

const { run, remove } = createCliFolder({
  'good/mesh.yaml': MESH,
  'large/mesh.yaml': MESH,
  'large/large.yaml': `# ${'x'.repeat(2_000)}\n`,
  'large/.ambient-policy.yaml': 'maxFileSize: 0.0019\n',
  'many/mesh.yaml': MESH,
  'many/other.yaml': MESH,
  'many/.ambient-policy.yaml': 'maxFiles: 1\n',
  'encoded/mesh.yaml': MESH,
  'encoded/utf16.yaml': Buffer.from(`\ufeff${MESH}`, 'utf16le'),
  'template/mesh.yaml': `${MESH}---\n${TEMPLATE}`,
  'chart/Chart.yaml': 'name: a\n',
  'chart/templates/include.yaml': `# {{ note }}\n---\n${INCLUDE}`,
  'chart/templates/config.yaml': 'apiVersion: v1\nkind: ConfigMap\ndata: {a: {{ .Values.a }}}\n',
  'chart/templates/_names.yaml': '{{ .Values.a }}\n',
  'kubectl/mesh.yaml': `${MESH}---\n${replaceIn(ALLOW_GET, ['kind:', '"kin\\u0064":'])}`,
  'parent/Chart.yaml': 'name: a\ndependencies: [{name: b, version: 1.0.0}]\n',
  'excluded/mesh.yaml': MESH,
  'excluded/hidden/policy.yaml': ALLOW_GET,
  'excluded/hidden/notes.txt': '',
  'excluded/.ambient-policy.yaml': 'exclude: [hidden]\n',
  'invalid/mesh.yaml': `${MESH}---\n${ALLOW_GET}  broken: [\n`,
  'invalid/.ambient-policy.yaml': 'rules: {yaml-syntax: off}\n',
  'kustomize/kustomization.yaml': 'resources: [mesh.yaml, "https://a.b/c"]\nreplacements: []\n',
  'kustomize/mesh.yaml': MESH,
  'silent/mesh.yaml': `${MESH}---\n# ambient-policy-ignore l7-allow-rule-dropped -- no\n${ALLOW_GET}`,
  'silent/.ambient-policy.yaml': 'rules: {waypoint-bypass: off, deny-path-variants: hint}\n',
  'trusted.yaml': 'exclude: ["excluded/hidden"]\n',
  'wrong.yaml': 'excluded: []\n',
})
afterAll(remove)

describe('--strict', () => {
  it.each<[string, string, string[]]>([
    ['everything is read', 'good', []],
    ['a file is too large', 'large', ['large/large.yaml is larger than 0.0019 MB']],
    ['there are too many files', 'many', ['many has more than 1 files']],
    ['a file is no UTF-8', 'encoded', ['encoded/utf16.yaml is UTF-16']],
    [
      'a file has a template',
      'template',
      ['template/mesh.yaml:35 contains a template of the kind Service'],
    ],
    [
      'a chart is not rendered',
      'chart',
      ['chart/templates/include.yaml:2 contains a template: render it'],
    ],
    ['a chart has dependencies', 'parent', ['parent/Chart.yaml has dependencies']],
    [
      'the own settings exclude a file',
      'excluded',
      ['excluded/hidden/policy.yaml is excluded by the setting'],
    ],
    [
      'a document is no valid YAML',
      'invalid',
      ['invalid/mesh.yaml:35 has a document with an error of syntax, which is not read in full'],
    ],
    [
      'a kustomization is not applied in full',
      'kustomize',
      [
        'kustomize/kustomization.yaml is applied without replacements',
        'kustomize/kustomization.yaml is applied without remote resources',
      ],
    ],
  ])('exits with 2 unless everything is read: %s', async (_, folder, expected) => {
    const { status, errors } = await run(['check', '--strict', folder])
    const shown = errors.flatMap((line) => /^--strict: (.*)/.exec(line)?.[1] ?? [])
    expect(shown.map((line, index) => line.slice(0, expected[index]?.length))).toEqual(expected)
    expect(status).toBe(expected.length > 0 ? 2 : 0)
    if (expected.length > 0)
      expect((await run(['check', '--fail-on', 'never', folder])).status).toBe(0)
  })

  it('reads a kind with an escape in its key, as kubectl does', async () => {
    const { status, errors, out } = await run(['check', '--strict', 'kubectl'])
    expect(errors.filter((line) => line.startsWith('--strict'))).toEqual([])
    expect(out).toContain('l7-allow-rule-dropped')
    expect(status).toBe(1)
  })

  it('a file that cannot be read, and standard input', async () => {
    const host: WritableHost = {
      ...nodeHost,
      readFile: (path, maxBytes) => {
        if (path.endsWith('/mesh.yaml')) throw new HostError('cannot be read', false)
        return nodeHost.readFile(path, maxBytes)
      },
    }
    const { errors, status } = await run(['check', '--strict', 'good'], { host })
    expect(errors).toContain('--strict: good/mesh.yaml cannot be read')
    expect(status).toBe(2)
    const stdin = await run(['check', '--strict', '-'], { stdin: `${MESH}---\n${TEMPLATE}` })
    expect(stdin.errors).toContain(
      '--strict: <stdin>:35 contains a template of the kind Service: render it',
    )
    expect(stdin.status).toBe(2)
  })

  it.each([
    ['status', []],
    ['ztunnel-config', ['policies']],
    ['evaluate', ['--from', 'shop/web', '--to', 'workload shop/api', '--port', '8080']],
  ])('%s --strict exits with 2 too', async (command, args) => {
    const paths = command === 'ztunnel-config' ? [...args, 'template'] : ['template', ...args]
    expect((await run([command, ...paths])).status).toBe(0)
    expect((await run([command, ...paths, '--strict'])).status).toBe(2)
    const good = paths.map((path) => (path === 'template' ? 'good' : path))
    expect((await run([command, ...good, '--strict'])).status).toBe(0)
  })
})

describe('a document with an error of syntax', () => {
  const named =
    'invalid/mesh.yaml:35 has a document with an error of syntax, which is not read in full'

  it.each([
    ['status'],
    ['ztunnel-config', 'policies'],
    ['evaluate', '--from', 'shop/web', '--to', 'workload shop/api', '--port', '8080'],
    ['access', '--from', 'shop/web'],
    ['why', 'rbac_access_denied_matched_policy[none]'],
    ['explain', 'Service/shop/api'],
    ['test', '--record'],
  ])('%s names it, because its answer has no findings', async (...command) => {
    expect((await run([...command, 'invalid'])).errors).toEqual([named])
    expect((await run([...command, 'good'])).errors).toEqual([])
  })

  it('check does not name it twice', async () => {
    expect((await run(['check', '--settings', 'none', 'invalid'])).errors).toEqual([])
  })
})

it('an empty path is refused: it may be a variable without a value', async () => {
  for (const command of ['check', 'status', 'test'])
    expect(await run([command, ''])).toEqual({
      status: 2,
      out: '',
      errors: ['a path is empty: write "." for the current folder'],
    })
})

describe('the summary', () => {
  it('counts files that are not read, rules that are off and ignored findings', async () => {
    const { out } = await run(['check', '--format', 'json', 'silent', 'excluded', 'template'])
    const report = JSON.parse(out) as CheckReport
    expect(report.summary).toMatchObject({ notRead: 2, rulesOff: 1, ignored: 1 })
    expect(report.notRead).toEqual([
      {
        file: 'excluded/hidden/policy.yaml',
        line: null,
        reason: 'excluded',
        message: 'is excluded by the setting exclude',
      },
      {
        file: 'template/mesh.yaml',
        line: 34,
        reason: 'template',
        message: 'contains a template of the kind Service: render it',
      },
    ])
  })

  it('the text does not name the option that was given', async () => {
    expect((await run(['check', '--strict', 'silent', 'excluded'])).out).toContain(
      '; 1 file not read in full, 1 rule off, 1 finding ignored.\n',
    )
  })

  it.each([
    ['text', '; 1 file not read in full (--strict shows why), 1 rule off, 1 finding ignored.\n'],
    ['markdown', '; 1 file not read in full, 1 rule off, 1 finding ignored.\n'],
    ['junit', '<skipped message="is excluded by the setting exclude"/>'],
    ['sarif', '"text": "excluded/hidden/policy.yaml is excluded by the setting exclude"'],
  ])('the format %s shows it', async (format, shown) => {
    expect((await run(['check', '--format', format, 'silent', 'excluded'])).out).toContain(shown)
  })
})

describe('a pull request cannot silence its own check', () => {
  it('--no-ignore-comments reports the findings that comments hide', async () => {
    const hidden = await run(['check', 'silent'])
    expect(hidden.out).not.toContain('l7-allow-rule-dropped')
    const { out, status } = await run(['check', '--no-ignore-comments', 'silent'])
    expect(out).toContain('error l7-allow-rule-dropped')
    expect(out).not.toContain('ignored')
    expect(status).toBe(1)
  })

  it('--settings none uses the defaults', async () => {
    const { out, status } = await run(['check', '--strict', '--settings', 'none', 'excluded'])
    expect(out).toContain('excluded/hidden/policy.yaml')
    expect(out).not.toContain('not read')
    expect(status).toBe(1)
  })

  it('--settings FILE replaces the settings of the files, and its exclusions are wanted', async () => {
    const { status, out } = await run([
      'check',
      '--strict',
      '--settings',
      'trusted.yaml',
      'excluded',
    ])
    expect([status, out.includes('not read')]).toEqual([0, false])
    expect((await run(['status', '--settings', 'none', 'invalid'])).status).toBe(0)
  })

  it.each([
    ['none.yaml', 'none.yaml does not exist'],
    ['good', 'good is a folder, not a settings file'],
    ['wrong.yaml', 'wrong.yaml:1: Unknown setting "excluded". Did you mean "exclude"?'],
  ])('a settings file that cannot be used is an error: %s', async (file, message) => {
    expect(await run(['check', '--settings', file, 'good'])).toEqual({
      status: 2,
      out: '',
      errors: [message],
    })
  })
})
