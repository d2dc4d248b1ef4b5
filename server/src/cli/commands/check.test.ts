import { afterAll, describe, expect, it } from 'vitest'
import { HostError, type WritableHost } from '../../host.js'
import { nodeHost } from '../../nodeHost.js'
import { createCliFolder } from '../testing/cliFolder.js'
import { MESH } from '../testing/commandMesh.js'
import { ALLOW_GET } from '../testing/meshFiles.js'

const SYNTAX_ERROR = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: broken
`

const { run, read, write, remove } = createCliFolder({
  'good/mesh.yaml': MESH,
  'bad/mesh.yaml': MESH,
  'bad/policy.yaml': ALLOW_GET,
  'broken.yaml': SYNTAX_ERROR,
  'set/policy.yaml': `${MESH}---\n${ALLOW_GET}`,
  'set/.ambient-policy.yaml':
    'rules:\n  l7-allow-rule-dropped: hint\n  waypoint-bypass: off\nexclude: [skipped]\n',
  'set/skipped/broken.yaml': SYNTAX_ERROR,
  'wrong/mesh.yaml': MESH,
  'wrong/.ambient-policy.yaml': 'rules:\n  no-such-rule: off\n',
  'empty/readme.md': '',
})
afterAll(remove)

interface Report {
  readonly findings: readonly {
    readonly rule: string
    readonly level: string
    readonly file: string
  }[]
  readonly summary: object
}

async function checkJson(
  args: readonly string[],
  given: Parameters<typeof run>[1] = {},
): Promise<Report> {
  return JSON.parse((await run(['check', '--format', 'json', ...args], given)).out) as Report
}

describe('the output of check', () => {
  it('check --format json prints the documented shape', async () => {
    const { status, out } = await run(['check', 'bad', '--format', 'json'])
    expect(status).toBe(1)
    const report = JSON.parse(out) as Report
    const finding = report.findings.find(({ rule }) => rule === 'l7-allow-rule-dropped')
    expect(finding).toMatchObject({
      rule: 'l7-allow-rule-dropped',
      level: 'error',
      file: 'bad/policy.yaml',
      range: { start: { line: 10, character: 12 }, end: { line: 10, character: 19 } },
      object: { kind: 'AuthorizationPolicy', namespace: 'shop', name: 'allow-get' },
      path: ['spec', 'rules', 0, 'to', 0, 'operation', 'methods'],
      assumptions: [],
    })
    expect(Object.keys(finding ?? {})).toEqual([
      'rule',
      'level',
      'message',
      'file',
      'range',
      'object',
      'path',
      'related',
      'assumptions',
      'fixes',
    ])
    expect(finding).toHaveProperty(['related', 0, 'range', 'start', 'line'], 2)
    expect(Object.keys(report.summary)).toEqual([
      'files',
      'objects',
      'error',
      'warning',
      'information',
      'hint',
      'notRead',
      'rulesOff',
      'ignored',
    ])
    expect(report.summary).toMatchObject({ files: 2, objects: 6 })
  })

  it('check prints each finding with its underlined source', async () => {
    const { out } = await run(['check', 'bad'])
    expect(out).toMatch(
      /^bad\/policy\.yaml:11:13 error l7-allow-rule-dropped Every connection to workload "[a-z]+" is denied: /m,
    )
    expect(out).toContain('  11 |             methods: [GET]\n     |             ^^^^^^^\n')
    expect(out).toContain('  see: bad/mesh.yaml:3:')
    expect(out).toMatch(/: 6 objects in 2 files\.\n$/)
  })

  it('check prints colours only if the terminal shows them', async () => {
    const red = '\u001b[31merror\u001b[0m'
    expect((await run(['check', 'bad'])).out).not.toContain('\u001b')
    expect((await run(['check', 'bad'], { colours: true })).out).toContain(red)
  })

  it('file names are relative to the working directory', async () => {
    expect((await checkJson(['../bad'], { cwd: 'good' })).findings[0]?.file).toMatch(/^\.\.\/bad\//)
    expect((await checkJson([], { cwd: 'bad' })).findings.map(({ file }) => file)).toContain(
      'policy.yaml',
    )
  })

  it('check of a folder without manifests says that there is nothing to check', async () => {
    expect(await run(['check', 'empty'])).toEqual({
      status: 0,
      out: 'Nothing to check: no files.\n',
      errors: [],
    })
  })

  it('the exit status depends on --fail-on', async () => {
    expect((await run(['check', 'good', '--fail-on', 'error'])).status).toBe(0)
    expect((await run(['check', 'broken.yaml'])).status).toBe(1)
    expect((await run(['check', 'broken.yaml', '--fail-on', 'never'])).status).toBe(0)
    expect((await run(['check', 'set', '--fail-on', 'information'])).status).toBe(0)
  })
})

describe('several outputs of one check', () => {
  it('--output writes the report in other formats to files', async () => {
    const expected = [
      (await run(['check', 'bad', '--format', 'sarif'])).out,
      (await run(['check', 'bad', '--format', 'markdown'])).out,
    ]
    const args = ['--output', 'sarif=out/a.sarif', '--output=markdown=out/b=c.md']
    write('out/keep', '')
    const { status, out } = await run(['check', 'bad', ...args])
    expect(status).toBe(1)
    expect(out).toBe((await run(['check', 'bad'])).out)
    expect([read('out/a.sarif'), read('out/b=c.md')]).toEqual(expected)
  })

  it.each([
    ['xml=a', /^--output must be FORMAT=FILE with one of the formats text, json, /],
    ['sarif', /^--output must be/],
    ['sarif=', /^--output must be/],
    ['sarif=nowhere/a.sarif', /^nowhere\/a\.sarif /],
  ])('--output %s is an error', async (value, message) => {
    const { status, errors } = await run(['check', 'good', '--output', value])
    expect(status).toBe(2)
    expect(errors.join('\n')).toMatch(message)
  })
})

describe('the inputs of check', () => {
  it('check - reads standard input', async () => {
    const { status, out } = await run(['check', '-'], { stdin: `${MESH}---\n${ALLOW_GET}` })
    expect(status).toBe(1)
    expect(out).toMatch(/^<stdin>:\d+:13 error l7-allow-rule-dropped/m)
    expect(out).toContain('methods: [GET]\n')
  })

  it('each folder is one mesh, and all files together are one mesh', async () => {
    const errors = ({ findings }: Report): string[] =>
      findings.filter(({ level }) => level === 'error').map(({ rule }) => rule)
    expect(errors(await checkJson(['good', 'bad/policy.yaml']))).not.toContain(
      'l7-allow-rule-dropped',
    )
    expect(errors(await checkJson(['good/mesh.yaml', 'bad/policy.yaml']))).toContain(
      'l7-allow-rule-dropped',
    )
  })

  it('a file in several paths is read once', async () => {
    expect((await checkJson(['bad', '.', 'bad/policy.yaml', './bad/'])).summary).toEqual(
      (await checkJson(['.'])).summary,
    )
  })

  it('the settings are in the nearest .ambient-policy.yaml', async () => {
    const { findings } = await checkJson(['set'])
    expect(findings.map(({ rule, level }) => `${level} ${rule}`)).toContain(
      'hint l7-allow-rule-dropped',
    )
    expect(findings.filter(({ file }) => file.includes('skipped'))).toEqual([])
    expect((await checkJson(['set/policy.yaml'])).findings.map(({ level }) => level)).not.toContain(
      'error',
    )
  })

  it('a wrong setting is an error with its line', async () => {
    expect(await run(['check', 'wrong'])).toEqual({
      status: 2,
      out: '',
      errors: ['wrong/.ambient-policy.yaml:2: Unknown rule "no-such-rule".'],
    })
  })

  it('a file with NUL characters is read, with a notice on standard error', async () => {
    const { errors, out } = await run(['check', '-'], { stdin: `${MESH}---\n${ALLOW_GET}# \0\n` })
    expect(errors).toEqual(['<stdin> contains NUL characters: it is not plain UTF-8 text'])
    expect(out).toContain('l7-allow-rule-dropped')
  })

  it('after a file that cannot be read, check reports the others and exits with 2', async () => {
    const host: WritableHost = {
      ...nodeHost,
      readFile: (path, maxBytes) => {
        if (path.endsWith('/good/mesh.yaml'))
          throw new HostError('cannot be read: permission denied', false)
        return nodeHost.readFile(path, maxBytes)
      },
    }
    const { errors, out, status } = await run(['check', 'good', 'bad'], { host })
    expect(errors).toEqual(['good/mesh.yaml cannot be read: permission denied'])
    expect(out).toContain('l7-allow-rule-dropped')
    expect(status).toBe(2)
  })
})
