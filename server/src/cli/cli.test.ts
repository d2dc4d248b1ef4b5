import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HostError, type WritableHost } from '../host.js'
import { nodeHost } from '../nodeHost.js'
import { createCliFolder } from './testing/cliFolder.js'

const MESH = `apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: shop}
spec:
  gatewayClassName: istio-waypoint
  listeners: [{name: mesh, port: 15008, protocol: HBONE}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  template:
    metadata: {labels: {app: api}}
    spec: {serviceAccountName: api}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec:
  selector: {app: api}
  ports: [{name: http, port: 80, targetPort: 8080}]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: readers, namespace: shop}
spec:
  targetRefs: [{kind: Service, group: "", name: api}]
  rules:
    - from: [{source: {serviceAccounts: [shop/web]}}]
      to: [{operation: {methods: [GET]}}]
`

const BAD_POLICY = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-get
  namespace: shop
spec:
  selector: {matchLabels: {app: api}}
  rules:
    - to:
        - operation:
            methods: [GET]
`

const SYNTAX_ERROR = `apiVersion: v1
kind: Service
metadata: {name: broken
`

const FILES: Readonly<Record<string, string>> = {
  'good/mesh.yaml': MESH,
  'bad/mesh.yaml': MESH,
  'bad/policy.yaml': BAD_POLICY,
  'broken.yaml': SYNTAX_ERROR,
  'two/one/mesh.yaml': MESH,
  'two/two/mesh.yaml': MESH,
  'two/.ambient-policy.yaml': 'meshRoots: [one, two]\n',
  'set/policy.yaml': `${MESH}---\n${BAD_POLICY}`,
  'set/.ambient-policy.yaml':
    'rules:\n  l7-allow-rule-dropped: hint\n  waypoint-bypass: off\nexclude: [skipped]\n',
  'set/skipped/broken.yaml': SYNTAX_ERROR,
  'wrong/mesh.yaml': MESH,
  'wrong/.ambient-policy.yaml': 'rules:\n  no-such-rule: off\n',
  'chart/templates/policy.yaml':
    'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: {{ .Values.name }}\n',
  'requests.jsonl': [
    {
      id: '1',
      from: { namespace: 'shop', serviceAccount: 'web' },
      to: { service: 'shop/api', port: 80 },
      http: { method: 'GET', path: '/' },
    },
    {
      id: '2',
      from: { namespace: 'shop', serviceAccount: 'web' },
      to: { service: 'shop/api', port: 80 },
      http: { method: 'POST', path: '/' },
    },
  ]
    .map((request) => `${JSON.stringify(request)}\n`)
    .join('\n'),
  'malformed.jsonl':
    '{"id":"1","from":{"ip":"10.0.0.1"},"to":{"service":"shop/api","port":80}}\n{"id":"2","from":{},"to":{}}\n',
  'no-json.jsonl': '{"id":\n',
  'empty/readme.md': '',
}

const cli = createCliFolder(FILES)
const { run, folder } = cli
afterAll(() => {
  cli.remove()
})

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

describe('check', () => {
  it('writes JSON in the documented shape', async () => {
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
    ])
    expect(report.summary).toMatchObject({ files: 2, objects: 6 })
  })

  it('writes text with the source underlined', async () => {
    const { out } = await run(['check', 'bad'])
    expect(out).toMatch(
      /^bad\/policy\.yaml:11:13 error l7-allow-rule-dropped Every connection to workload "[a-z]+" is denied: /m,
    )
    expect(out).toContain('  11 |             methods: [GET]\n     |             ^^^^^^^\n')
    expect(out).toContain('  see: bad/mesh.yaml:3:')
    expect(out).toMatch(/: 6 objects in 2 files\.\n$/)
    expect(out).not.toContain('\u001b')
    expect((await run(['check', 'bad'], { colours: true })).out).toContain(
      '\u001b[31merror\u001b[0m',
    )
  })

  it('names files relative to the working directory', async () => {
    expect((await checkJson(['../bad'], { cwd: 'good' })).findings[0]?.file).toMatch(/^\.\.\/bad\//)
    expect((await checkJson([], { cwd: 'bad' })).findings.map(({ file }) => file)).toContain(
      'policy.yaml',
    )
  })

  it('exits by --fail-on', async () => {
    expect((await run(['check', 'good', '--fail-on', 'error'])).status).toBe(0)
    expect((await run(['check', 'broken.yaml'])).status).toBe(1)
    expect((await run(['check', 'broken.yaml', '--fail-on', 'never'])).status).toBe(0)
    expect((await run(['check', 'set', '--fail-on', 'information'])).status).toBe(0)
  })

  it('reads standard input', async () => {
    const { status, out } = await run(['check', '-'], { stdin: `${MESH}---\n${BAD_POLICY}` })
    expect(status).toBe(1)
    expect(out).toMatch(/^<stdin>:\d+:13 error l7-allow-rule-dropped/m)
    expect(out).toContain('methods: [GET]\n')
  })

  it('judges each folder as a mesh of its own, and named files together', async () => {
    const rules = (report: Report): string[] =>
      report.findings.filter(({ level }) => level === 'error').map(({ rule }) => rule)
    expect(rules(await checkJson(['good', 'bad/policy.yaml']))).not.toContain(
      'l7-allow-rule-dropped',
    )
    expect(rules(await checkJson(['good/mesh.yaml', 'bad/policy.yaml']))).toContain(
      'l7-allow-rule-dropped',
    )
  })

  it('reads no file twice', async () => {
    expect((await checkJson(['bad', '.', 'bad/policy.yaml', './bad/'])).summary).toEqual(
      (await checkJson(['.'])).summary,
    )
  })

  it('obeys .ambient-policy.yaml, its own or the one above', async () => {
    const { findings } = await checkJson(['set'])
    expect(findings.map(({ rule, level }) => `${level} ${rule}`)).toContain(
      'hint l7-allow-rule-dropped',
    )
    expect(findings.filter(({ file }) => file.includes('skipped'))).toEqual([])
    expect((await checkJson(['set/policy.yaml'])).findings.map(({ level }) => level)).not.toContain(
      'error',
    )
  })

  it('says where settings are wrong', async () => {
    expect(await run(['check', 'wrong'])).toEqual({
      status: 2,
      out: '',
      errors: ['wrong/.ambient-policy.yaml:2: Unknown rule "no-such-rule".'],
    })
  })

  it('says so where there is nothing to check', async () => {
    expect(await run(['check', 'empty'])).toEqual({
      status: 0,
      out: 'Nothing to check: 0 files read, no Kubernetes object among them.\n',
      errors: [],
    })
  })

  it('tells what is odd about a file on standard error, and reads it', async () => {
    const { errors, out } = await run(['check', '-'], { stdin: `${MESH}---\n${BAD_POLICY}# \0\n` })
    expect(errors).toEqual(['<stdin> contains NUL characters: it is not plain UTF-8 text'])
    expect(out).toContain('l7-allow-rule-dropped')
  })

  it('reports what could be read and exits with 2 where something could not', async () => {
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

describe('a wrong command line', () => {
  it.each([
    [['check', '--frmat', 'json'], "unknown option '--frmat' (Did you mean --format?)"],
    [
      ['check', '--format', 'xml'],
      "option '--format <format>' argument 'xml' is invalid. Allowed choices are text, json, sarif, github, gitlab, junit, markdown.",
    ],
    [['chek'], "unknown command 'chek' (Did you mean check?)"],
    [[], 'no command was given: see "ambient-policy --help"'],
    [['ztunnel-config'], 'no command was given: see "ambient-policy --help"'],
    [['check', 'nowhere'], 'nowhere does not exist'],
    [['explain', 'Service'], 'an object is named KIND/NAMESPACE/NAME or KIND/NAME, not "Service"'],
    [['explain', 'Service/shop/apis', 'good'], 'there is no Service/shop/apis in these files'],
    [
      ['explain', 'Service/store/api', 'good'],
      'there is no Service/store/api in these files; did you mean Service/shop/api?',
    ],
    [['rules', 'nothing'], 'there is no rule "nothing": "ambient-policy rules" lists all'],
    [
      ['ztunnel-config', 'services', 'two'],
      'two holds 2 meshes (setting meshRoots): name one of them',
    ],
    [
      ['evaluate', '--from', 'web', '--to', 'service', 'shop/api', '--port', '80'],
      '--from takes NAMESPACE/SERVICE-ACCOUNT, not "web"',
    ],
    [['evaluate', '--to', 'service', 'shop/api', '--port', '80'], '--from or --from-ip is needed'],
    [
      ['evaluate', '--from', 'shop/web', '--port', '80'],
      '--to takes "service NAMESPACE/NAME", "workload NAMESPACE/NAME" or "host NAME"',
    ],
    [
      ['evaluate', '--from', 'shop/web', '--to', 'service', 'api', '--port', '80'],
      'to.service must be namespace/name, not "api"',
    ],
    [
      ['evaluate', '--from', 'shop/web', '--to', 'service', 'shop/api', '--port', 'http'],
      '--port takes a number, not "http"',
    ],
    [
      [
        'evaluate',
        '--from',
        'shop/web',
        '--to',
        'service',
        'shop/api',
        '--port',
        '80',
        '--header',
        'x',
      ],
      '--header takes KEY=VALUE, not "x"',
    ],
    [
      ['evaluate', '--from-ip', '10.0.0.256', '--to', 'service', 'shop/api', '--port', '80'],
      'from.ip must be an IP address, not "10.0.0.256"',
    ],
    [
      ['evaluate', '--requests', 'malformed.jsonl', 'good'],
      'malformed.jsonl:2: from needs namespace and serviceAccount, or ip',
    ],
    [
      ['evaluate', '--requests', 'no-json.jsonl', 'good'],
      'no-json.jsonl:1: is not JSON: Unexpected end of JSON input',
    ],
    [['evaluate', '--requests', 'none.jsonl', 'good'], 'none.jsonl does not exist'],
    [
      ['evaluate', '--requests', 'requests.jsonl', '--method', 'GET', 'good'],
      '--requests says everything about the requests: leave out the options that describe one',
    ],
    [
      ['evaluate', '--requests', '-', '-'],
      'standard input can be the requests or the manifests, not both',
    ],
  ])('%j gets one line and exit status 2', async (args, line) => {
    expect(await run(args)).toEqual({ status: 2, out: '', errors: [line] })
  })
})

describe('ztunnel-config and status', () => {
  it('predict as JSON', async () => {
    const json = async (...args: string[]): Promise<unknown> =>
      JSON.parse((await run([...args, '--format', 'json', 'bad'])).out) as unknown
    expect(await json('ztunnel-config', 'policies')).toEqual([
      {
        name: 'allow-get',
        namespace: 'shop',
        scope: 'WorkloadSelector',
        action: 'Allow',
        dryRun: false,
        rules: [],
      },
    ])
    expect(await json('ztunnel-config', 'workloads')).toEqual([
      {
        name: 'api',
        namespace: 'shop',
        serviceAccount: 'api',
        protocol: 'HBONE',
        waypoint: null,
        authorizationPolicies: ['shop/allow-get'],
      },
    ])
    expect(await json('ztunnel-config', 'services')).toEqual([
      {
        name: 'api',
        namespace: 'shop',
        hostname: 'api.shop.svc.cluster.local',
        waypoint: 'shop/waypoint',
      },
    ])
    expect(await json('status')).toContainEqual({
      kind: 'AuthorizationPolicy',
      namespace: 'shop',
      name: 'readers',
      type: 'WaypointAccepted',
      status: 'True',
      reason: 'Accepted',
      message: 'bound to shop/waypoint',
    })
  })

  it('predict as tables', async () => {
    expect((await run(['ztunnel-config', 'services', 'good'])).out).toBe(
      'NAMESPACE   SERVICE   HOSTNAME                     WAYPOINT\nshop        api       api.shop.svc.cluster.local   shop/waypoint\n',
    )
  })

  it('name templates on standard error', async () => {
    expect((await run(['ztunnel-config', 'policies', 'chart'])).errors).toEqual([
      'chart/templates/policy.yaml is a template: not taken into account is AuthorizationPolicy in line 1',
    ])
  })
})

describe('evaluate', () => {
  it('answers one request in words', async () => {
    const { status, out } = await run([
      'evaluate',
      '--from',
      'shop/web',
      '--to',
      'service',
      'shop/api',
      '--port',
      '80',
      '--method',
      'POST',
      '--path',
      '/',
      'good',
    ])
    expect(status).toBe(0)
    expect(out).toContain('shop/web → Service shop/api port 80 POST /: denied\n')
    expect(out).toContain(
      '  1. waypoint shop/waypoint port 80, sees cluster.local/ns/shop/sa/web: denied\n',
    )
  })

  it('answers many, one line each, in the documented shape', async () => {
    const { out, status } = await run(['evaluate', '--requests', 'requests.jsonl', 'good'])
    expect(status).toBe(0)
    const answers = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string; verdict: string; hops: object[] })
    expect(answers.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual(['1 allow', '2 deny'])
    expect(answers[0]?.hops).toMatchObject([
      {
        point: 'waypoint',
        name: 'shop/waypoint',
        identity: 'cluster.local/ns/shop/sa/web',
        port: 80,
        verdict: 'allow',
        policy: 'shop/readers',
        rule: 0,
        file: 'good/mesh.yaml',
      },
      {
        point: 'ztunnel',
        name: 'shop/api',
        identity: 'cluster.local/ns/shop/sa/waypoint',
        port: 8080,
        verdict: 'allow',
      },
    ])
    expect(answers[0]?.hops[0]).toHaveProperty('range.start.line')
  })

  it('tells the nearest miss of one request, and of many where it is asked for', async () => {
    const one = async (...options: string[]): Promise<string> =>
      (
        await run([
          'evaluate',
          '--from',
          'shop/web',
          '--to',
          'service',
          'shop/api',
          '--port',
          '80',
          '--path',
          '/',
          ...options,
          'good',
        ])
      ).out
    expect(await one('--method', 'POST')).toContain('\n  It would be allowed with method GET.\n')
    expect(await one('--method', 'GET', '--format', 'json')).toContain('"nearestMiss":null}\n')
    const many = async (...options: string[]): Promise<object[]> =>
      (await run(['evaluate', '--requests', 'requests.jsonl', ...options, 'good'])).out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as object)
    expect((await many()).some((answer) => 'nearestMiss' in answer)).toBe(false)
    expect(await many('--nearest-miss')).toMatchObject([
      { id: '1', nearestMiss: null },
      { id: '2', nearestMiss: { changes: [{ field: 'method', value: 'GET' }], verdict: 'allow' } },
    ])
    expect(
      (
        await run([
          'evaluate',
          '--from',
          'x/y',
          '--to',
          'service',
          'shop/api',
          '--port',
          '80',
          '--method',
          'POST',
          'good',
        ])
      ).out,
    ).toContain('It would be allowed with client shop/web and method GET.')
  })

  it('takes requests from standard input, and headers and claims from options', async () => {
    expect(
      (
        await run(['evaluate', '--requests', '-', 'good'], { stdin: FILES['requests.jsonl'] ?? '' })
      ).out
        .trimEnd()
        .split('\n'),
    ).toHaveLength(2)
    const options = [
      '--header',
      'x-a=1',
      '--header',
      'x-a=2',
      '--claim',
      'iss=me',
      '--claim',
      'sub=you',
      '--format',
      'json',
    ]
    expect(
      (
        await run([
          'evaluate',
          '--from',
          'shop/web',
          '--to=workload shop/api',
          '--port',
          '8080',
          ...options,
          'good',
        ])
      ).out,
    ).toContain('"verdict":"allow"')
  })
})

describe('explain and rules', () => {
  it('explains in three formats', async () => {
    const explained = async (format: string): Promise<string> =>
      (await run(['explain', 'authorizationpolicy/shop/readers', 'good', '--format', format])).out
    expect(await explained('text')).toMatch(/^AuthorizationPolicy shop\/readers\n/)
    expect(await explained('markdown')).toMatch(/^\*\*AuthorizationPolicy shop\/readers\*\*\n/)
    expect(JSON.parse(await explained('json'))).toMatchObject({
      kind: 'AuthorizationPolicy',
      namespace: 'shop',
      name: 'readers',
    })
  })

  it('tells of other definitions', async () => {
    expect((await run(['explain', 'Namespace/shop', 'two'])).errors).toEqual([
      'Namespace/shop stands in two/one/mesh.yaml:3, which is explained, and in two/two/mesh.yaml:3',
    ])
  })

  it('lists the rules and prints the page of one', async () => {
    expect((await run(['rules'])).out).toMatch(
      /^l7-allow-rule-dropped +error +ztunnel drops an ALLOW rule/m,
    )
    const { out } = await run(['rules', 'l7-allow-rule-dropped'])
    expect(out).toMatch(/^# l7-allow-rule-dropped\n\nztunnel drops an ALLOW rule/)
    expect(out).toContain('## Bad\n\n```yaml\napiVersion: v1\n')
  })
})

describe('the bundle', () => {
  const root = fileURLToPath(new URL('../../..', import.meta.url))
  const spawn = (args: readonly string[], input?: string) =>
    spawnSync(process.execPath, [join(folder, 'cli.cjs'), ...args], {
      cwd: folder,
      encoding: 'utf8',
      input,
      env: { PATH: process.env['PATH'] },
    })

  beforeAll(() => {
    execFileSync(process.execPath, ['esbuild.mjs', '--only', 'cli', '--to', folder], { cwd: root })
  })

  it('answers as the sources do, with the exit status', async () => {
    for (const args of [
      ['check', 'good', '--fail-on', 'error'],
      ['check', 'bad'],
      ['check', 'nowhere'],
      ['ztunnel-config', 'workloads', 'bad'],
    ]) {
      const expected = await run(args)
      const { status, stdout, stderr } = spawn(args)
      expect({ status, stdout, stderr }).toEqual({
        status: expected.status,
        stdout: expected.out,
        stderr: expected.errors.map((line) => `ambient-policy: ${line}\n`).join(''),
      })
    }
  })

  it('reads standard input and knows its version', () => {
    expect(spawn(['check', '-'], `${MESH}---\n${BAD_POLICY}`)).toMatchObject({ status: 1 })
    expect(spawn(['--version']).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect(spawn(['--help'])).toMatchObject({ status: 0, stderr: '' })
  })

  it('ends quietly where nobody reads on', () => {
    const many = Array.from(
      { length: 3000 },
      (_, index) =>
        `apiVersion: v1\nkind: Service\nmetadata: {name: s${String(index)}, namespace: shop}\n`,
    ).join('---\n')
    const script = `"$0" "$1" ztunnel-config services --format json - | head -n 1`
    const ended = spawnSync('sh', ['-c', script, process.execPath, join(folder, 'cli.cjs')], {
      cwd: folder,
      encoding: 'utf8',
      input: many,
    })
    expect({ status: ended.status, stdout: ended.stdout, stderr: ended.stderr }).toEqual({
      status: 0,
      stdout: '[\n',
      stderr: '',
    })
  })
})
