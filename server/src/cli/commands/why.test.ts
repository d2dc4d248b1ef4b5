import { afterAll, describe, expect, it } from 'vitest'
import { createCliFolder } from '../testing/cliFolder.js'
import { MESH } from '../testing/commandMesh.js'
import { ALLOW_GET } from '../testing/meshFiles.js'
import { replaceIn } from '@istio-ambient-policy/shared/testing'

const DENIED = `{"level":"error","scope":"access","message":"connection complete","src.addr":"10.0.0.1:40000","src.identity":"spiffe://cluster.local/ns/shop/sa/web","dst.addr":"10.0.0.2:15008","dst.hbone_addr":"10.0.0.2:8080","dst.workload":"api-5d6f7-abcde","dst.namespace":"shop","direction":"inbound","error":"connection closed due to policy rejection: allow policies exist, but none allowed"}`
const AT_WAYPOINT = `[2026-01-01T00:00:00.000Z] "POST / HTTP/1.1" 403 - rbac_access_denied_matched_policy[none] - "-" 0 19 0 - "-" "curl" "1" "api.shop" "-" inbound-vip|80|http|api.shop.svc.cluster.local - 10.96.0.1:80 10.0.0.1:40000 - default`
const NAMED = 'rbac_access_denied_matched_policy[ns[shop]-policy[gone]-rule[0]]'

const { run, remove } = createCliFolder({
  'mesh/mesh.yaml': MESH,
  'mesh/policy.yaml': ALLOW_GET,
  'logs.txt': `${DENIED}\nsomething else\n${AT_WAYPOINT}\n${DENIED}\n`,
  'dump.json': '[{"name":"a","namespace":"b","rules":[]}]',
})
afterAll(remove)

describe('the answers of why', () => {
  it('a line of ztunnel leads to the policy, its YAML and its finding', async () => {
    const { status, out, errors } = await run(['why', DENIED, 'mesh'])
    expect(errors).toEqual([])
    expect(status).toBe(0)
    // The titles of the fixes are those of check.
    expect(out.split('\n    fix: ')[0])
      .toBe(`ztunnel shop/api port 8080, sees cluster.local/ns/shop/sa/web: denied
  No ALLOW rule matched. 1 ALLOW policy applies:
    mesh/policy.yaml:9:5 AuthorizationPolicy shop/allow-get
      9 |     - to:
        |     ^^^^^
  The files agree with the log.
  error l7-allow-rule-dropped mesh/policy.yaml:11:13 Every connection to workload "api" is denied: ztunnel drops this ALLOW rule because of the HTTP attribute "methods".`)
  })

  it('a line of a waypoint leads to the policies that apply there', async () => {
    const { out } = await run(['why', AT_WAYPOINT, 'mesh'])
    expect(out).toMatch(/^waypoint shop\/waypoint port 80: denied\n {2}No ALLOW rule matched\./)
    expect(out).toContain('AuthorizationPolicy shop/readers\n')
  })

  it('a policy that the files do not have is a difference', async () => {
    const { out } = await run(['why', NAMED, 'mesh'])
    expect(out).toContain(
      '  The files do not agree with the log:\n    - the AuthorizationPolicy shop/gone is not in these files\n',
    )
  })

  it('the lines of a file are numbered, and equal lines are explained once', async () => {
    const { out } = await run(['why', 'logs.txt', 'mesh'])
    expect(out.match(/^line .*?: /gm)).toEqual(['line 1 and 1 more: ', 'line 3: '])
    expect(out).toMatch(/\n1 line without a decision of a proxy\.\n$/)
  })

  it('JSON has one answer for each line, in the order of the lines', async () => {
    const { out } = await run(['why', '-', 'mesh', '--format', 'json'], {
      stdin: `${DENIED}\n${AT_WAYPOINT}\n${DENIED}\n${NAMED}\n`,
    })
    const answers = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object)
    expect(answers).toMatchObject([
      { line: 1, log: 'ztunnel access log', verdict: 'deny', policy: null, agreement: 'agrees' },
      { line: 2, log: 'Envoy access log', hop: { point: 'waypoint', name: 'shop/waypoint' } },
      { line: 3 },
      { line: 4, policy: 'shop/gone', rule: 0, object: null, file: null, agreement: 'differs' },
    ])
  })
})

describe('bad input of why', () => {
  it.each([
    ['no such thing', /^"no such thing" is neither a file nor a line of a log/],
    ['mesh', /^mesh is a folder: write the line of the log before the paths$/],
    ['mesh/mesh.yaml', /^mesh\/mesh\.yaml has no line of a log/],
    [
      'dump.json',
      /^dump\.json is a configuration of ztunnel, not a log: use "ambient-policy compare"$/,
    ],
    ['', /is empty/],
  ])('%j is an error', async (log, message) => {
    const { status, out, errors } = await run(['why', log, 'mesh'])
    expect([status, out, errors.length]).toEqual([2, '', 1])
    expect(errors[0]).toMatch(message)
  })

  it('the log and the manifests cannot both be standard input', async () => {
    expect(await run(['why', '-', '-'], { stdin: DENIED })).toEqual({
      status: 2,
      out: '',
      errors: ['standard input can be the log or the manifests, not both'],
    })
  })

  it('control characters of a log do not reach the terminal', async () => {
    const { out, errors } = await run(['why', replaceIn(NAMED, ['gone', 'go\u0007ne']), 'mesh'])
    expect(out + errors.join('')).not.toContain('\u0007')
  })

  it('the log is needed', async () => {
    expect((await run(['why'])).errors).toEqual([
      'missing required argument \'log\': see "ambient-policy why --help"',
    ])
  })
})
