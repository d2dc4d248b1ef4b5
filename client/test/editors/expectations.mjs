// What every editor must show for the sample workspace, and the files that it must save.
import { strict as assert } from 'node:assert'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const VIEWER = 'policies/productpage-viewer.yaml'
const PEERS = 'policies/peer-authentication.yaml'

/** A request that is denied in the sample workspace, for the variable REQUEST. */
export const REQUEST = {
  from: { namespace: 'bookinfo', serviceAccount: 'curl' },
  to: { service: 'bookinfo/productpage', port: 9080 },
}

/** A function of `docs/editors.md` that evaluates a request, with the names of the sample workspace. */
export function evaluateFunction(at, start) {
  const text = readFileSync(at('docs/editors.md'), 'utf8')
  const from = text.indexOf(`\n${start}`)
  const code = from < 0 ? undefined : text.slice(from + 1).split(/^(?:END|```)$/m)[0]
  assert.ok(code, `docs/editors.md has a function that starts with "${start}".`)
  return code
    .replaceAll('shop/api', REQUEST.to.service)
    .replaceAll('80', String(REQUEST.to.port))
    .replaceAll("'shop'", "'bookinfo'")
    .replaceAll('"shop"', '"bookinfo"')
    .replaceAll("'web'", "'curl'")
    .replaceAll('"web"', '"curl"')
}

/** The configurations below a heading of `docs/editors.md`, with this checkout instead of `/path/to`. */
export function configurations(at, heading) {
  const text = readFileSync(at('docs/editors.md'), 'utf8')
  const start = text.indexOf(`\n### ${heading}\n`)
  assert.ok(start >= 0, `docs/editors.md has a section "${heading}".`)
  const section = text.slice(start + 1).split(/\n##+ /)[0]
  const blocks = [...section.matchAll(/^```[a-z]+\n([\s\S]*?)^```$/gm)].map(([, text]) =>
    text.replaceAll('/path/to/', at('')),
  )
  assert.ok(
    blocks.every((text) => text.includes(at('server/dist/server.cjs'))),
    `Each configuration for ${heading} starts the server.`,
  )
  return blocks
}

/**
 * Checks the report of an editor, and the files that it saved, byte for byte. With `evaluates`, the editor has called the
 * function that evaluates a request.
 */
export function checkReport(
  report,
  { folder, fixture, severities: [error, warning], evaluates, step },
) {
  assert.equal(report.problem ?? null, null, `${report.problem}\n${report.messages}`)
  assert.match(
    report.hover,
    /\| \*\*►\*\* \| \*\*selector\*\* \| \*\*Pod\*\* \| \*\*yes\*\* \| \*\*destination ztunnel\*\* \| \*\*waypoint\*\* \|/,
  )
  step('the enforcement table as a hover')

  assert.equal(report.evaluate.answer?.verdict, 'deny')
  assert.deepEqual(
    report.evaluate.answer.hops.map(({ point, verdict }) => `${point} ${verdict}`),
    ['waypoint allow', 'ztunnel deny'],
  )
  if (evaluates) assert.match(report.messages, /verdict.*deny/s, 'The function shows the verdict.')
  assert.match(report.page, /^# l7-allow-rule-dropped\n/)
  assert.match(report.received, /productpage-viewer/)
  assert.match(report.status, /ZtunnelAccepted/)
  step('a request evaluated, the page of a rule, and the documents about a policy')

  const dropped = report['l7-allow-rule-dropped']
  assert.deepEqual(dropped.before, [{ line: 18, rule: 'l7-allow-rule-dropped', severity: error }])
  assert.deepEqual(dropped.after, [{ line: 11, rule: 'waypoint-bypass', severity: warning }])
  const disabled = report['disable-mode-is-permissive']
  assert.deepEqual(disabled.before, [
    { line: 11, rule: 'disable-mode-is-permissive', severity: warning },
  ])
  assert.deepEqual(disabled.after, [])
  step('the diagnostics before and after the fixes')

  const original = (file) => readFileSync(join(fixture, file), 'utf8')
  const saved = (file) => readFileSync(join(folder, file), 'utf8')
  assert.equal(
    saved(VIEWER),
    original(VIEWER).replace(
      '  selector:\n    matchLabels:\n      app: productpage\n',
      '  targetRefs:\n    - kind: Service\n      group: ""\n      name: productpage\n',
    ),
  )
  assert.equal(saved(PEERS), original(PEERS).replace(/ {2}mtls:\n {4}mode: DISABLE.*\n/, ''))
  assert.notEqual(saved(VIEWER), original(VIEWER))
  assert.notEqual(saved(PEERS), original(PEERS))
  step(
    'Enforce at the waypoint with targetRefs: clients that bypass it are then allowed and Remove DISABLE mode, applied and saved byte for byte',
  )
}
