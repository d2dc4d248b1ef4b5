import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  expectFixed,
  findingsOf,
  replaceIn,
  type AnalyseOptions,
} from '../../testing/index.js'
import { COMPANION, policyText, SHOP, STRICT } from '../support/examples.js'
import { waypointIdentityEscapesDeny } from './waypoint-identity-escapes-deny.js'

const rule = waypointIdentityEscapesDeny.name

function found(documents: readonly string[], options: AnalyseOptions = {}): string[] {
  return findingsOf(analyse(documents.join('---\n'), options))
    .filter((finding) => finding.rule === rule)
    .map(
      ({ place, message }) =>
        `${place.kind === 'field' ? place.resource.name : '?'}: ${message.split(' through')[0] ?? ''}`,
    )
}

const deny = (field: string, values: string, more = ''): string =>
  policyText(
    'deny',
    `action: DENY\nrules:\n- from:\n  - source:\n      ${field}: [${values}]\n${more}`,
  )
const DENY_DEBUG = deny('serviceAccounts', 'shop/debug')
const atWaypoint = (spec: string): string =>
  policyText('at-waypoint', `targetRefs:\n- kind: Service\n  name: api\n${spec}`)
const client = (labels: string, namespace = 'shop'): string =>
  `apiVersion: v1
kind: Pod
metadata:
  name: debug
  namespace: ${namespace}
  labels:
    app: debug
${labels}spec:
  serviceAccountName: debug
`
const BYPASSES = ['deny: "shop/debug" can bypass this DENY']

it('marks the client that can bypass the DENY', () => {
  const { found: marked, expected } = compareMarked(
    `${SHOP}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: deny
  namespace: shop
spec:
  action: DENY
  rules:
  - from:
    - source:
        principals: ["cluster.local/ns/shop/sa/debug"]
#       ^^^^^^^^^^ waypoint-identity-escapes-deny: "shop/debug" can bypass this DENY through waypoint "shop/waypoint" to workload "api": ztunnel sees the waypoint's identity.
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('the clients that can bypass a DENY', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['a service account', [DENY_DEBUG], BYPASSES],
    ['a client in ambient mode', [DENY_DEBUG, client('')], BYPASSES],
    [
      'a client with a sidecar, which bypasses waypoints',
      [DENY_DEBUG, client('    sidecar.istio.io/inject: "true"\n')],
      [],
    ],
    ['a client outside the mesh', [DENY_DEBUG, client('    istio.io/dataplane-mode: none\n')], []],
    ['an ingress gateway', [deny('serviceAccounts', 'istio-ingress/istio-ingressgateway')], []],
    [
      'the namespace of the waypoint, so that the waypoint is denied too',
      [deny('namespaces', 'shop')],
      [],
    ],
    [
      'every namespace except that of the waypoint',
      [deny('notNamespaces', 'shop')],
      ['deny: A client that this rule does not exclude can bypass this DENY'],
    ],
    [
      'every client except the waypoint, which is intended',
      [deny('notServiceAccounts', 'shop/waypoint')],
      [],
    ],
    ['plaintext, which does not use the waypoint', [deny('notPrincipals', '"*"')], []],
    [
      'a client on a port that no Service has',
      [deny('serviceAccounts', 'shop/debug', '  to:\n  - operation:\n      ports: ["9090"]')],
      [],
    ],
    ['a client, beside a policy that allows only the waypoint', [DENY_DEBUG, COMPANION], BYPASSES],
    [
      'a client, if no policy allows the waypoint',
      [
        DENY_DEBUG,
        policyText('allow-web', 'rules:\n- from:\n  - source:\n      serviceAccounts: [shop/web]'),
      ],
      [],
    ],
  ])('a DENY of %s', (_, policies, expected) => {
    expect(found([SHOP, ...policies])).toEqual(expected)
  })
})

describe('a policy at the waypoint', () => {
  it.each<[string, string, readonly string[]]>([
    [
      'denies the client too',
      atWaypoint('action: DENY\nrules:\n- from:\n  - source:\n      serviceAccounts: [shop/debug]'),
      [],
    ],
    [
      'allows only other clients',
      atWaypoint('rules:\n- from:\n  - source:\n      serviceAccounts: [shop/web]'),
      [],
    ],
    [
      'allows every client',
      atWaypoint('rules:\n- to:\n  - operation:\n      methods: ["GET"]'),
      BYPASSES,
    ],
    [
      'denies another client',
      atWaypoint('action: DENY\nrules:\n- from:\n  - source:\n      namespaces: [dev]'),
      BYPASSES,
    ],
    [
      'calls an external authorizer',
      atWaypoint('action: CUSTOM\nprovider:\n  name: opa\nrules:\n- {}'),
      [],
    ],
  ])('a policy at the waypoint that %s', (_, policy, expected) => {
    expect(found([SHOP, DENY_DEBUG, policy])).toEqual(expected)
  })
})

it('assumes that an unknown namespace is in ambient mode', () => {
  const [finding] = findingsOf(analyse(`${SHOP}---\n${deny('namespaces', 'dev')}`)).filter(
    (other) => other.rule === rule,
  )
  expect(finding).toMatchObject({ level: 'warning', assumptions: ['namespace "dev" is ambient'] })
  expect(found([SHOP, deny('namespaces', 'dev')], { settings: { assumeAmbient: 'none' } })).toEqual(
    [],
  )
})

it('prefers a fix that keeps the DENY and adds it at the waypoint', () => {
  const text = (spec: string): string => `${SHOP}---\n${STRICT}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: deny-debug
  namespace: shop
spec:
${spec}  action: DENY # never from a debugger
  rules:
    - from:
        - source:
            serviceAccounts: ["shop/debug"]
`
  const selected = text('  selector:\n    matchLabels:\n      app: api\n')
  expectFixed(
    selected,
    { rule, title: 'Keep it at ztunnel and enforce it at the waypoint too' },
    `${selected}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: deny-debug-waypoint
  namespace: shop
spec:
  targetRefs:
    - kind: Service
      group: ""
      name: api
  action: DENY
  rules:
    - from:
        - source:
            serviceAccounts:
              - shop/debug
`,
  )
  const [finding] = findingsOf(analyse(selected)).filter((each) => each.rule === rule)
  expect(finding?.fixes.map(({ preferred }) => preferred)).toEqual([true, false, false])
})

const LAYERED = { settings: { flags: { ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES: true } } }
const FOR_API = replaceIn(DENY_DEBUG, [
  'spec:\n',
  'spec:\n  selector:\n    matchLabels:\n      app: api\n',
])
/** The waypoint in another namespace, which the Service uses. */
const FAR = replaceIn(
  SHOP,
  [
    'namespace: shop\n  labels:\n    istio.io/waypoint-for',
    'namespace: far\n  labels:\n    istio.io/waypoint-for',
  ],
  [
    'istio.io/use-waypoint: waypoint',
    'istio.io/use-waypoint: waypoint\n    istio.io/use-waypoint-namespace: far',
  ],
  [
    '      protocol: HBONE\n',
    '      protocol: HBONE\n      allowedRoutes: {namespaces: {from: All}}\n',
  ],
)

it.each<[string, readonly string[], AnalyseOptions, number]>([
  [
    "not a policy of the waypoint's namespace, which its CONNECT layer enforces",
    [SHOP, DENY_DEBUG],
    LAYERED,
    0,
  ],
  [
    'not a policy of the root namespace',
    [SHOP, replaceIn(DENY_DEBUG, ['namespace: shop', 'namespace: istio-system'])],
    LAYERED,
    0,
  ],
  ['a policy that does not select the waypoint', [SHOP, FOR_API], LAYERED, 1],
  ['a policy of another namespace than the waypoint', [FAR, DENY_DEBUG], LAYERED, 1],
  [
    'a policy that no flag applies to gateways',
    [SHOP, DENY_DEBUG],
    {
      settings: {
        flags: { ...LAYERED.settings.flags, ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY: false },
      },
    },
    1,
  ],
  [
    'a policy in a release without the flag',
    [SHOP, deny('principals', '"cluster.local/ns/shop/sa/debug"')],
    { settings: { ...LAYERED.settings, istioVersion: '1.24' } },
    1,
  ],
])('with layered policies reports %s', (_, documents, options, count) => {
  expect(found(documents, options)).toHaveLength(count)
})
