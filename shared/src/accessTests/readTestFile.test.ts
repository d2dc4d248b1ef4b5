import { describe, expect, it } from 'vitest'
import { replaceIn } from '../testing/replaceIn.js'
import { readTestFile } from './readTestFile.js'
import { MOST_REQUESTS } from './caseRequests.js'

/** Problems as `underlined text: message`. */
function problemsOf(text: string): string[] {
  const lines = text.split('\n')
  return readTestFile(text).problems.map(({ range: { start, end }, message }) => {
    const last = start.line === end.line ? end.character : undefined
    return `${lines[start.line]?.slice(start.character, last) ?? ''}: ${message}`
  })
}

const testCase = (fields: string): string => `cases:
  - name: a
    request: {from: shop/web, to: "service shop/api:80"}
    expect: allow
${fields}`

const request = (text: string): string => `cases:
  - name: a
    request: ${text}
    expect: allow
`

const rule = (fields: string): string => `rules:
  - name: a
${fields}`

describe('problems of a test file', () => {
  it.each([
    ['', [': This test file has no tests.']],
    [
      'name: a',
      [
        'name: Unknown key "name" in a test file. Known keys: mesh, cases, rules.',
        ': This test file has no tests.',
      ],
    ],
    ['[]', ['[]: A test file must be a mapping.']],
    ['cases: 1', ['cases: The key "cases" must be a list.']],
    ['cases:', ['cases: The key "cases" has no value.']],
    ['mesh: []\ncases: []', ['[]: "mesh" must not be an empty list.']],
    ['cases: [1]', ['1: A case must be a mapping.']],
    [
      'cases:\n  - name: a\n    expects: allow',
      [
        'expects: Unknown key "expects" in a case. Did you mean "expect"?',
        'name: A case needs "request" and "expect".',
      ],
    ],
    [
      testCase('  - name: a\n    request: {from: a/b, to: "host x:1"}\n    expect: deny'),
      ['a: Another test has the name "a".'],
    ],
    [testCase('    by: readers'), ['readers: "by" must be NAMESPACE/NAME of a policy.']],
    [
      replaceIn(testCase(''), ['allow', 'allowed']),
      ['allowed: "expect" must be allow, deny or undecided.'],
    ],
    [testCase('    expect: deny'), ['expect: Duplicate key "expect": only the last one counts.']],
  ])('%j', (text, problems) => {
    expect(problemsOf(text)).toEqual(problems)
  })

  it.each([
    ['web', 'web: A request must be a mapping with "from", "to" and "http".'],
    ['[]', '[]: "request" must not be an empty list.'],
    [
      '{from: web, to: "host x:1"}',
      'web: The client must be NAMESPACE/ACCOUNT, "outside", or a mapping with namespace and serviceAccount, or ip.',
    ],
    [
      '{from: [shop/web, web], to: "host x:1"}',
      'web: The client must be NAMESPACE/ACCOUNT, "outside", or a mapping with namespace and serviceAccount, or ip.',
    ],
    [
      '{from: {namespace: shop}, to: "host x:1"}',
      '{namespace: shop}: "from" needs namespace and serviceAccount together.',
    ],
    [
      '{from: {ip: 300.1.1.1}, to: "host x:1"}',
      '300.1.1.1: "from.ip" must be an IP address, not "300.1.1.1".',
    ],
    [
      '{from: shop/web, to: service shop/api}',
      'service shop/api: "to.port" must be a port, 1 to 65535.',
    ],
    [
      '{from: shop/web, to: shop/api:80}',
      'shop/api:80: The destination must be "service NAMESPACE/NAME:PORT", "workload NAMESPACE/NAME:PORT" or "host NAME:PORT", or a mapping.',
    ],
    [
      '{from: shop/web, to: {service: api, port: 80}}',
      'api: "to.service" must be namespace/name, not "api".',
    ],
    [
      '{from: shop/web, to: {service: shop/api, port: 0}}',
      '0: "to.port" must be a port, 1 to 65535.',
    ],
    [
      '{from: shop/web, to: "host x:1", http: {verb: GET}}',
      'verb: Unknown field "http.verb" in a request.',
    ],
    [
      '{from: shop/web, to: "host x:1", http: {method: []}}',
      '[]: The list "http.method" of a request must not be empty.',
    ],
    [
      '{from: shop/web, to: "host x:1", http: {headers: {a: 1}}}',
      '1: "http.headers.a" must be a string or a list of strings.',
    ],
    [
      '{to: "host x:1"}',
      'to: The client must be NAMESPACE/ACCOUNT, "outside", or a mapping with namespace and serviceAccount, or ip.',
    ],
    [
      '{from: shop/web, to: "host x:1", method: GET}',
      'method: Unknown field "method" in a request.',
    ],
  ])('request %s', (text, problem) => {
    expect(problemsOf(request(text))).toEqual([problem])
  })

  it.each([
    ['    through: waypoint', ['name: A rule needs either "never" or "always".']],
    ['    never: {}\n    always: {}', ['name: A rule needs either "never" or "always".']],
    ['    never:', ['never: The key "never" has no value.']],
    [
      '    never: {from: web}',
      [
        'web: A client must be NAMESPACE/ACCOUNT, "namespace:NAME" or "outside" for clients without an identity.',
      ],
    ],
    [
      '    never: {to: api}',
      [
        'api: A destination must be "service NAMESPACE/NAME[:PORT]", "workload NAMESPACE/NAME[:PORT]", "host NAME[:PORT]" or "namespace:NAME".',
      ],
    ],
    [
      '    never: {to: "service shop/api:99999"}',
      [
        'service shop/api:99999: A destination must be "service NAMESPACE/NAME[:PORT]", "workload NAMESPACE/NAME[:PORT]", "host NAME[:PORT]" or "namespace:NAME".',
      ].map((each) => replaceIn(`"${each}`, ['99999:', '99999":'])),
    ],
    [
      '    never: {form: shop/web}',
      ['form: Unknown key "form" in the requests of a rule. Did you mean "from"?'],
    ],
    [
      '    always: {http: {methods: GET}}',
      ['methods: Unknown key "methods" in "http". Did you mean "method"?'],
    ],
    [
      '    always: {http: {headers: [a]}}',
      ['[a]: The key "headers" must be a mapping of names to values.'],
    ],
    ['    always: {}\n    through: ztunnel', ['ztunnel: "through" must be waypoint.']],
  ])('rule %s', (fields, problems) => {
    expect(problemsOf(rule(fields))).toEqual(problems)
  })

  it('invalid YAML', () => {
    expect(problemsOf('cases: [').length).toBeGreaterThan(0)
  })

  it('more requests than the limit, before they are expanded', () => {
    const paths = Array.from({ length: 2_000 }, (_, index) => `/p${index}`).join(', ')
    const text = request(
      `{from: [a/a, a/b], to: "host x:1", http: {path: [${paths}], method: [${paths}], host: [${paths}]}}`,
    )
    expect(problemsOf(text)[0]).toMatch(
      new RegExp(`This case has 16000000000 requests: the limit is ${MOST_REQUESTS}\\.`),
    )
  })
})

describe('the content of a test file', () => {
  it('lists make one request for each combination', () => {
    const { testFile, problems } = readTestFile(
      request(
        '{from: [shop/web, outside], to: "service shop/api:80", http: {method: [GET, POST], path: /a}}',
      ),
    )
    expect(problems).toEqual([])
    const [test] = testFile.tests
    expect(test?.kind === 'case' ? test.requests : []).toMatchObject([
      { from: { namespace: 'shop', serviceAccount: 'web' }, http: { method: 'GET', path: '/a' } },
      { from: { namespace: 'shop', serviceAccount: 'web' }, http: { method: 'POST' } },
      { from: {}, http: { method: 'GET' } },
      { from: {}, to: { service: 'shop/api', port: 80 }, http: { method: 'POST' } },
    ])
  })

  it('a rule has its selection', () => {
    const { testFile, problems } = readTestFile(
      `mesh: ../deploy\n${rule(`    never:
      from: [namespace:dev, outside]
      notFrom: dev/admin
      to: [namespace:prod, service prod/api, workload prod/db:5432, host x.example.com:443]
      http: {method: [DELETE], path: /admin*, headers: {X-Env: prod}}
    through: waypoint`)}`,
    )
    expect(problems).toEqual([])
    expect(testFile).toMatchObject({
      mesh: [{ path: '../deploy' }],
      tests: [
        {
          name: 'a',
          claim: 'never',
          through: 'waypoint',
          selection: {
            from: [{ namespace: 'dev' }, 'outside'],
            notFrom: [{ account: { namespace: 'dev', serviceAccount: 'admin' } }],
            to: [
              { namespace: 'prod' },
              { kind: 'service', name: 'prod/api', port: undefined },
              { kind: 'workload', name: 'prod/db', port: 5432 },
              { kind: 'host', name: 'x.example.com', port: 443 },
            ],
            http: {
              method: ['DELETE'],
              path: ['/admin*'],
              host: [],
              headers: [{ name: 'x-env', patterns: ['prod'] }],
            },
          },
        },
      ],
    })
  })
})
