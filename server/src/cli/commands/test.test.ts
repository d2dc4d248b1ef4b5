import { SaxesParser } from 'saxes'
import { afterAll, describe, expect, it } from 'vitest'
import { createCliFolder } from '../testing/cliFolder.js'
import { MESH } from '../testing/commandMesh.js'
import { ALLOW_GET } from '../testing/meshFiles.js'
import { replaceIn } from '@istio-ambient-policy/shared/testing'

const READS = `mesh: ../deploy
cases:
  - name: web reads
    request: {from: shop/web, to: "service shop/api:80", http: {method: GET, path: /}}
    expect: EXPECTED
rules:
  - name: dev stays out
    never: {from: "namespace:dev", to: "service shop/api"}
`

const { run, write, read, folder, remove } = createCliFolder({
  'deploy/mesh.yaml': MESH,
  'deploy/policy.yaml': ALLOW_GET,
  'tests/good.access-test.yaml': replaceIn(READS, ['EXPECTED', 'deny']),
  'bad/bad.access-test.yaml': replaceIn(READS, ['EXPECTED', 'allow']),
  'invalid/a.access-test.yaml': 'mesh: gone\ncases:\n  - {name: a, expects: allow}\n',
  'cyclic/a.access-test.yaml': 'mesh: b.access-test.yaml\n',
  'cyclic/b.access-test.yaml': 'mesh: a.access-test.yaml\n',
  'template/service.yaml': 'apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Values.x }}\n',
  'template/a.access-test.yaml':
    'cases:\n  - {name: in a template, request: {from: a/b, to: "service a/c:80"}, expect: deny}\n',
  'none/none.access-test.yaml': 'mesh: ../deploy\ncases: []\n',
  'outside/a.access-test.yaml': 'mesh: /etc\n',
  'empty/readme.md': '',
})
afterAll(remove)

interface Report {
  files: { file: string; mesh: string[]; tests: Record<string, unknown>[] }[]
  problems: { message: string }[]
  summary: Record<string, number>
  coverage?: { percent: number }[]
  mutants?: { mutants: { result: string }[] }[]
}

async function json(...args: readonly string[]): Promise<Report> {
  return JSON.parse((await run(['test', '--format', 'json', ...args])).out) as Report
}

describe('the exit status of test', () => {
  it('is 0 if all tests pass', async () => {
    const { status, out, errors } = await run(['test', 'tests'])
    expect([status, errors]).toEqual([0, []])
    expect(out).toBe(
      'tests/good.access-test.yaml\n  passed  web reads\n    note: The service account shop/web is not in these files.\n  passed  dev stays out\n    note: The namespace dev is not in these files.\n\n2 tests: 2 passed\n',
    )
  })

  it('is 1 if a test fails, which shows each proxy and the YAML', async () => {
    const { status, out } = await run(['test', 'bad'])
    expect(status).toBe(1)
    expect(out).toContain('failed  web reads (bad/bad.access-test.yaml:3)\n')
    expect(out).toContain('The request is denied, but must be allowed.\n')
    expect(out).toMatch(/1\. waypoint shop\/waypoint port 80, sees .*: allowed\n/)
    expect(out).toMatch(/2\. ztunnel shop\/api port 8080, sees .*: denied\n/)
    expect(out).toMatch(
      /\n\s+ambient-policy evaluate --from shop\/web --to service shop\/api --port 80 .* deploy\n/,
    )
    expect(out).toMatch(/\n2 tests: 1 passed, 1 failed\n$/)
  })

  it('is 0 for a skipped test, with the reason', async () => {
    const { status, out } = await run(['test', 'template'])
    expect(status).toBe(0)
    expect(out).toContain(
      'skipped in a template\n    There is no Service a/c in these files, which have templates of Service',
    )
    expect(out).toContain('1 test: 0 passed, 1 skipped')
    expect((await run(['test', 'template', '--strict'])).status).toBe(2)
  })

  it('is 2 if a test file has a problem, and its tests are not run', async () => {
    const { status, errors, out } = await run(['test', 'invalid', 'tests'])
    expect(status).toBe(2)
    expect(errors).toEqual([
      'invalid/a.access-test.yaml:3:15 Unknown key "expects" in a case. Did you mean "expect"?',
      'invalid/a.access-test.yaml:3:6 A case needs "request" and "expect".',
      `invalid/a.access-test.yaml:1:7 The path ${folder}/invalid/gone of the mesh does not exist.`,
    ])
    expect(out).toContain('2 tests: 2 passed; 3 problems in test files\n')
  })

  it.each([
    [
      ['cyclic'],
      /^cyclic\/a\.access-test\.yaml:1:7 The mesh is cyclic: a\.access-test\.yaml → b\.access-test\.yaml → a\.access-test\.yaml\.$/,
    ],
    [
      ['outside'],
      /^outside\/a\.access-test\.yaml:1:7 The path \/etc of the mesh is outside of the repository and of the working directory\.$/,
    ],
    [['empty'], /^empty has no test files \(\*\.access-test\.yaml\)$/],
    [
      ['deploy/mesh.yaml'],
      /^deploy\/mesh\.yaml is no test file: its name must end with \.access-test\.yaml$/,
    ],
    [['gone'], /^gone /],
    [['-'], /^test files cannot be read from standard input$/],
    [
      ['tests', '--threshold', '101'],
      /^--threshold must be a percentage from 0 to 100, not "101"$/,
    ],
    [['tests', '--threshold', 'x'], /^--threshold must be a percentage/],
    [['tests', '--format', 'xml'], /^--format must be one of text, .*, not "xml"$/],
  ])('is 2 for %j', async (args, message) => {
    const { status, errors } = await run(['test', ...args])
    expect(status).toBe(2)
    expect(errors[0]).toMatch(message)
  })
})

describe('the reports of test', () => {
  it('JSON has the result of each test and its failures', async () => {
    const { files, summary } = await json('bad')
    expect(summary).toEqual({ passed: 1, failed: 1, skipped: 0 })
    expect(files).toMatchObject([
      {
        file: 'bad/bad.access-test.yaml',
        mesh: ['deploy'],
        tests: [
          {
            name: 'web reads',
            kind: 'case',
            range: { start: { line: 2, character: 10 } },
            status: 'failed',
            reason: null,
            failures: [
              { answer: { verdict: 'deny', hops: [{ point: 'waypoint' }, { point: 'ztunnel' }] } },
            ],
          },
          { name: 'dev stays out', kind: 'rule', status: 'passed', failures: [] },
        ],
      },
    ])
  })

  it('JUnit is well-formed and counts the tests', async () => {
    const { out } = await run(['test', 'bad', 'invalid', 'template', '--format', 'junit'])
    const counts: Record<string, number> = {}
    const declared: Record<string, Record<string, number>> = {}
    const parser = new SaxesParser()
    parser.on('error', (error) => {
      throw error
    })
    parser.on('opentag', ({ name, attributes }) => {
      counts[name] = (counts[name] ?? 0) + 1
      const sums = (declared[name] ??= {})
      for (const key of ['tests', 'failures', 'errors', 'skipped'])
        if (key in attributes) sums[key] = (sums[key] ?? 0) + Number(attributes[key])
    })
    parser.write(out).close()
    expect(counts).toEqual({
      testsuites: 1,
      testsuite: 5,
      testcase: 6,
      failure: 1,
      skipped: 1,
      error: 3,
    })
    expect(declared).toMatchObject({
      testsuites: { tests: 6, failures: 1, errors: 3 },
      testsuite: { tests: 6, failures: 1, errors: 3, skipped: 1 },
    })
  })

  it('GitHub gets an annotation at the test', async () => {
    const { out } = await run(['test', 'bad', '--format', 'github'])
    expect(out).toMatch(
      /^::error file=bad\/bad\.access-test\.yaml,line=3,title=web reads::The request is denied, but must be allowed\.%0A/,
    )
  })

  it('Markdown has the failures', async () => {
    const { out } = await run(['test', 'bad', '--format', 'markdown'])
    expect(out).toBe(`<!-- ambient-policy test -->
## Policy tests

**2 tests: 1 passed, 1 failed**

- **failed** web reads (bad/bad.access-test.yaml:3)
  - The request is denied, but must be allowed.
`)
  })

  it('a threshold that the coverage does not reach fails', async () => {
    expect((await json('tests', '--coverage')).coverage?.[0]?.percent).toBeLessThan(100)
    const { status, errors } = await run(['test', 'tests', '--threshold', '100'])
    expect(status).toBe(1)
    expect(errors).toEqual([
      expect.stringMatching(/^the coverage of deploy is \d+ %, below 100 %$/),
    ])
    expect((await run(['test', 'tests', '--threshold', '1'])).status).toBe(0)
  })

  it('mutants that no test notices are shown with a request', async () => {
    const { mutants } = await json('none', '--mutants')
    expect(mutants?.[0]?.mutants.map(({ result }) => result)).toContain('survivor')
    const { out } = await run(['test', 'none', '--mutants'])
    expect(out).toMatch(
      / {2}survivor: .*\n {4}without it (allow|deny), now (allow|deny): ambient-policy evaluate /,
    )
  })

  it('recorded tests pass', async () => {
    const recorded = await run(['test', '--record', 'deploy'])
    expect(recorded.errors).toEqual([])
    write('deploy/all.access-test.yaml', recorded.out)
    const { status, out } = await run(['test', 'deploy'])
    expect(status).toBe(0)
    expect(out).toMatch(/\n\d+ tests: \d+ passed\n$/)
  })
})

it('check reads no test files, not even by their names', async () => {
  expect(read('tests/good.access-test.yaml')).toContain('mesh:')
  const { out } = await run(['check', 'tests', 'tests/good.access-test.yaml', '--format', 'json'])
  expect(JSON.parse(out)).toMatchObject({ findings: [], summary: { files: 0 } })
})
