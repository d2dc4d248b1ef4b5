import { expect, it } from 'vitest'
import { analyse, expectFixed, findingsOf, replaceAllIn, replaceIn } from '../../testing/index.js'
import { ALLOW_GET, API_SERVICE, SHOP_WITH_WAYPOINT } from '../../testing/allowGetPolicy.js'
import { AMBIENT_SHOP } from '../support/examples.js'

const RULE = 'l7-allow-rule-dropped'
const PLAIN = 'Enforce at the waypoint with targetRefs'
const TITLE = `${PLAIN}: clients that bypass it are then allowed`
/** The fixed document of the policy and the documents after it. */
function policyOf(files: Readonly<Record<string, string>>): string {
  const text = files['test.yaml'] ?? ''
  return text.slice(text.indexOf('# who may read'))
}

it('is preferred only where ztunnel denies nothing because of the policy, or with the companion', () => {
  const preferred = (files: string): string[] =>
    findingsOf(analyse(files)).flatMap(({ fixes }) =>
      fixes.filter((fix) => fix.preferred).map(({ title }) => title),
    )
  const BOTH = 'Enforce at the waypoint and allow only traffic from the waypoint'
  const withoutPorts = replaceIn(ALLOW_GET, [/ +ports: .*\n/, ''])
  expect(preferred(SHOP_WITH_WAYPOINT + withoutPorts)).toEqual([BOTH])
  expect(preferred(SHOP_WITH_WAYPOINT + replaceIn(withoutPorts, ['ALLOW', 'DENY']))).toEqual([
    PLAIN,
  ])
})

it.each([
  [
    'another Service over the same pods would stay open',
    replaceIn(API_SERVICE, ['name: api,', 'name: api-all,'], ['{app: api}', '{tier: back}']),
    (mesh: string) =>
      replaceIn(mesh, ['        app: api\n', '        app: api\n        tier: back\n']),
  ],
  [
    'the waypoint serves the addresses of pods too',
    '',
    (mesh: string) => replaceIn(mesh, ['waypoint-for: service', 'waypoint-for: all']),
  ],
])('offers no companion where %s', (_, more, change) => {
  const worker = replaceAllIn(
    AMBIENT_SHOP.slice(AMBIENT_SHOP.indexOf('apiVersion: apps')),
    ['name: api', 'name: other'],
    ['app: api', 'tier: back'],
  )
  const files = change(SHOP_WITH_WAYPOINT) + more + worker + ALLOW_GET
  const titles = findingsOf(analyse(files))
    .filter(({ rule }) => rule === RULE)
    .flatMap(({ fixes }) => fixes.map(({ title, preferred }) => [title, preferred]))
  expect(titles).toContainEqual([TITLE, false])
  expect(titles.map(([, preferred]) => preferred)).not.toContain(true)
})

it.each([
  ['a selector', replaceIn(ALLOW_GET, [/ +ports: .*\n/, ''])],
  ['a namespace', replaceIn(ALLOW_GET, [/ +ports: .*\n/, ''], [/ {2}selector:\n.*\n.*\n/, ''])],
])('creates a waypoint for the policy of %s without any Service', (_, policy) => {
  const title =
    'Create a waypoint, enforce the policy there and allow only traffic from the waypoint'
  const fixed = expectFixed(AMBIENT_SHOP + policy, { rule: RULE, title })['test.yaml'] ?? ''
  expect(fixed).toContain('gatewayClassName: istio-waypoint')
  expect(fixed).toContain('  - kind: Gateway\n')
  expect(fixed).toContain('- shop/waypoint\n')
})

it('allows only the waypoints of the mesh for a policy of the mesh', () => {
  const policy = replaceIn(
    ALLOW_GET,
    [/ +ports: .*\n/, ''],
    [/ {2}selector:\n.*\n.*\n/, ''],
    ['namespace: shop', 'namespace: istio-system'],
  )
  const fixed = expectFixed(SHOP_WITH_WAYPOINT + policy, {
    rule: RULE,
    title: 'Enforce at the waypoint and allow only traffic from the waypoint',
  })
  const [, companion = ''] = policyOf(fixed).split('---\n')
  expect(companion).toContain('  namespace: istio-system\nspec:\n  action: ALLOW\n')
  expect(companion).toContain('- shop/waypoint\n')
})

it('is safe only where ztunnel denies nothing because of the policy', () => {
  const safety = (files: string): (boolean | undefined)[] =>
    findingsOf(analyse(files))
      .filter(({ rule }) => /^l7-|^action-/.test(rule))
      .map(({ fixes }) => fixes.find(({ title }) => title.startsWith(PLAIN))?.safe)
  expect(safety(SHOP_WITH_WAYPOINT + ALLOW_GET)).toEqual([false])
  expect(safety(SHOP_WITH_WAYPOINT + replaceIn(ALLOW_GET, ['ALLOW', 'DENY']))).toEqual([false])
  expect(
    safety(SHOP_WITH_WAYPOINT + replaceIn(ALLOW_GET, ['ALLOW', 'DENY'], [/ +ports: .*\n/, ''])),
  ).toEqual([true])
  expect(safety(SHOP_WITH_WAYPOINT + replaceIn(ALLOW_GET, ['ALLOW', 'AUDIT']))).toEqual([true])
})
