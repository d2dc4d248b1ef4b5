import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  expectFixed,
  findingsOf,
  type AnalyseOptions,
} from '../../testing/index.js'
import { policyText, SHOP } from '../support/examples.js'
import { rootDenyAllMissesWaypoints } from './root-deny-all-misses-waypoints.js'

const rule = rootDenyAllMissesWaypoints.name
const root = (spec: string, name = 'deny-all'): string => policyText(name, spec, 'istio-system')
const DENY_ALL = 'action: ALLOW'
const CLASS =
  'targetRefs:\n- kind: GatewayClass\n  group: gateway.networking.k8s.io\n  name: istio-waypoint\n'
const waypoint = (name: string): string =>
  `apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: ${name}, namespace: web}\nspec: {gatewayClassName: istio-waypoint, listeners: []}\n`

function found(documents: readonly string[], options: AnalyseOptions = {}): string[] {
  return findingsOf(analyse(documents.join('---\n'), options))
    .filter((finding) => finding.rule === rule)
    .map(({ message, level }) => `${level}: ${message}`)
}
const MISSES =
  'information: This policy of the root namespace does not cover waypoint "shop/waypoint": it obeys targetRefs only.'
const from = (source: string, action = 'ALLOW'): string =>
  `action: ${action}\nrules:\n- from:\n  - source: {${source}}\n`

it('marks the name', () => {
  const { found: marked, expected } = compareMarked(
    `${SHOP}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: deny-all
#       ^^^^^^^^ root-deny-all-misses-waypoints: This policy of the root namespace does not cover waypoint "shop/waypoint": it obeys targetRefs only.
  namespace: istio-system
spec: {}
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('which policies', () => {
  it.each<[string, readonly string[], readonly string[], AnalyseOptions]>([
    ['one that admits nobody', [SHOP, root(DENY_ALL)], [MISSES], {}],
    ['one that denies everything', [SHOP, root('action: DENY\nrules:\n- {}')], [MISSES], {}],
    ['one that admits somebody', [SHOP, root(from('namespaces: [web]'))], [MISSES], {}],
    ['one that admits everybody', [SHOP, root('rules:\n- {}')], [], {}],
    ['one that denies somebody', [SHOP, root(from('namespaces: [web]', 'DENY'))], [], {}],
    [
      'one that admits the waypoint alone',
      [SHOP, root(from('serviceAccounts: [shop/waypoint]'))],
      [],
      {},
    ],
    [
      'one that admits the waypoint among others',
      [SHOP, root(from('serviceAccounts: [shop/waypoint, web/web]'))],
      [MISSES],
      {},
    ],
    ['one of another namespace', [SHOP, policyText('p', DENY_ALL)], [], {}],
    ['one for some workloads', [SHOP, root('selector:\n  matchLabels:\n    app: api')], [], {}],
    [
      'one of a trial',
      [
        SHOP,
        root(DENY_ALL).replace(
          '  name: deny-all\n',
          '  name: deny-all\n  annotations: {istio.io/dry-run: "true"}\n',
        ),
      ],
      [],
      {},
    ],
    ['one that is only logged', [SHOP, root('action: AUDIT\nrules:\n- {}')], [], {}],
    ['one whose action another tool fills in', [SHOP, root('action: "${ACTION}"')], [], {}],
    [
      'one beside a policy for all waypoints',
      [SHOP, root(DENY_ALL), root(CLASS, 'waypoints')],
      [],
      {},
    ],
    [
      'one beside a policy for all waypoints in the wrong place',
      [SHOP, root(DENY_ALL), policyText('waypoints', CLASS)],
      [MISSES],
      {},
    ],
    [
      'one beside a template',
      [
        SHOP,
        root(DENY_ALL),
        '{{- if .Values.waypoints }}\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: x\n{{- end }}\n',
      ],
      [],
      {},
    ],
    [
      'one that waypoints obey too',
      [SHOP, root(DENY_ALL)],
      [],
      { settings: { flags: { ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES: true } } },
    ],
    ['one in a mesh without waypoints', [root(DENY_ALL)], [], {}],
    [
      'one in a mesh with ingress gateways',
      [SHOP.replace('istio-waypoint', 'istio'), root(DENY_ALL)],
      [],
      {},
    ],
    [
      'one in a mesh with several',
      [SHOP, waypoint('a'), root(DENY_ALL)],
      [
        'information: This policy of the root namespace does not cover the 2 waypoints here: they obey targetRefs only.',
      ],
      {},
    ],
  ])('%s', (_, documents, expected, options) => {
    expect(found(documents, options)).toEqual(expected)
  })
})

describe('the fix', () => {
  const title = 'Add the same policy for all waypoints'
  it.each<[string, string, string]>([
    ['a deny-all', 'action: ALLOW\nrules: []', ''],
    [
      'an ALLOW',
      'rules:\n- from:\n  - source:\n      namespaces:\n      - web',
      '  rules:\n  - from:\n    - source:\n        namespaces:\n        - web\n',
    ],
    ['a DENY', 'action: DENY\nrules:\n- {}', '  action: DENY\n  rules:\n  - {}\n'],
  ])('adds %s', (_, spec, more) => {
    // Lists are indented as in the policy, else as elsewhere in the file.
    const text = [SHOP, root(spec)].join('---\n')
    const indent = spec.includes('- ') ? '' : '  '
    expectFixed(
      text,
      { rule, title },
      `${text}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: deny-all-waypoints
  namespace: istio-system
spec:
  targetRefs:
  ${indent}- kind: GatewayClass
  ${indent}  group: gateway.networking.k8s.io
  ${indent}  name: istio-waypoint
${more}`,
    )
  })

  it.each<[string, string, AnalyseOptions]>([
    ['a rule speaks of container ports', 'rules:\n- to:\n  - operation: {ports: ["8080"]}', {}],
    ['a rule speaks of addresses', from('ipBlocks: [10.0.0.0/8]'), {}],
    ['the release knows no such policy', DENY_ALL, { settings: { istioVersion: '1.24' } }],
  ])('is not offered where %s', (_, spec, options) => {
    expect(found([SHOP, root(spec)], options)).toEqual([MISSES])
    expect(
      findingsOf(analyse([SHOP, root(spec)].join('---\n'), options))
        .filter((finding) => finding.rule === rule)
        .flatMap(({ fixes }) => fixes),
    ).toEqual([])
  })
})
