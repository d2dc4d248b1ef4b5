import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  expectFixed,
  findingsOf,
  replaceIn,
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
  'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n' +
  `metadata: {name: ${name}, namespace: web}\n` +
  'spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}\n'

function found(documents: readonly string[], options: AnalyseOptions = {}): string[] {
  return findingsOf(analyse(documents.join('---\n'), options))
    .filter((finding) => finding.rule === rule)
    .map(({ message, level }) => `${level}: ${message}`)
}
const NOT_ENFORCED =
  'information: Waypoint "shop/waypoint" does not enforce this mesh-wide policy: ' +
  'waypoints apply only policies with targetRefs.'
const from = (source: string, action = 'ALLOW'): string =>
  `action: ${action}\nrules:\n- from:\n  - source: {${source}}\n`

it('marks the name of the policy', () => {
  const { found: marked, expected } = compareMarked(
    `${SHOP}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: deny-all
#       ^^^^^^^^ root-deny-all-misses-waypoints: Waypoint "shop/waypoint" does not enforce this mesh-wide policy: waypoints apply only policies with targetRefs.
  namespace: istio-system
spec: {}
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('a policy in the root namespace', () => {
  it.each<[string, readonly string[], readonly string[], AnalyseOptions]>([
    ['allows no traffic', [SHOP, root(DENY_ALL)], [NOT_ENFORCED], {}],
    ['denies all traffic', [SHOP, root('action: DENY\nrules:\n- {}')], [NOT_ENFORCED], {}],
    ['allows one namespace', [SHOP, root(from('namespaces: [web]'))], [NOT_ENFORCED], {}],
    ['allows all traffic', [SHOP, root('rules:\n- {}')], [], {}],
    ['denies one namespace', [SHOP, root(from('namespaces: [web]', 'DENY'))], [], {}],
    ['allows only the waypoint', [SHOP, root(from('serviceAccounts: [shop/waypoint]'))], [], {}],
    [
      'allows the waypoint and other accounts',
      [SHOP, root(from('serviceAccounts: [shop/waypoint, web/web]'))],
      [NOT_ENFORCED],
      {},
    ],
    ['is in another namespace', [SHOP, policyText('p', DENY_ALL)], [], {}],
    ['has a selector', [SHOP, root('selector:\n  matchLabels:\n    app: api')], [], {}],
    [
      'is a dry run',
      [
        SHOP,
        replaceIn(root(DENY_ALL), [
          '  name: deny-all\n',
          '  name: deny-all\n  annotations: {istio.io/dry-run: "true"}\n',
        ]),
      ],
      [],
      {},
    ],
    ['has the action AUDIT', [SHOP, root('action: AUDIT\nrules:\n- {}')], [], {}],
    ['has an action that another tool fills in', [SHOP, root('action: "${ACTION}"')], [], {}],
    [
      'exists with a policy for all waypoints',
      [SHOP, root(DENY_ALL), root(CLASS, 'waypoints')],
      [],
      {},
    ],
    [
      'exists with a policy for all waypoints in another namespace',
      [SHOP, root(DENY_ALL), policyText('waypoints', CLASS)],
      [NOT_ENFORCED],
      {},
    ],
    [
      'exists with a template of a policy',
      [
        SHOP,
        root(DENY_ALL),
        '{{- if .Values.waypoints }}\napiVersion: security.istio.io/v1\n' +
          'kind: AuthorizationPolicy\nmetadata:\n  name: x\n{{- end }}\n',
      ],
      [],
      {},
    ],
    [
      'is also enforced by waypoints because of a flag',
      [SHOP, root(DENY_ALL)],
      [],
      { settings: { flags: { ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES: true } } },
    ],
    ['is in a mesh without waypoints', [root(DENY_ALL)], [], {}],
    [
      'is in a mesh with ingress gateways only',
      [replaceIn(SHOP, ['istio-waypoint', 'istio']), root(DENY_ALL)],
      [],
      {},
    ],
    [
      'is in a mesh with two waypoints',
      [SHOP, waypoint('a'), root(DENY_ALL)],
      [
        'information: 2 waypoints do not enforce this mesh-wide policy: waypoints apply only policies with targetRefs.',
      ],
      {},
    ],
  ])('is checked if it %s', (_, documents, expected, options) => {
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
    ['a rule has container ports', 'rules:\n- to:\n  - operation: {ports: ["8080"]}', {}],
    ['a rule has IP addresses', from('ipBlocks: [10.0.0.0/8]'), {}],
    [
      'the release does not support GatewayClass targets',
      DENY_ALL,
      { settings: { istioVersion: '1.24' } },
    ],
  ])('is not offered where %s', (_, spec, options) => {
    expect(found([SHOP, root(spec)], options)).toEqual([NOT_ENFORCED])
    expect(
      findingsOf(analyse([SHOP, root(spec)].join('---\n'), options))
        .filter((finding) => finding.rule === rule)
        .flatMap(({ fixes }) => fixes),
    ).toEqual([])
  })
})
