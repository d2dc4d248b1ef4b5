import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  expectFixed,
  findingsOf,
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
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: debug\n  namespace: ${namespace}\n  labels:\n    app: debug\n${labels}spec:\n  serviceAccountName: debug\n`
const ESCAPES = ['deny: "shop/debug" escapes this DENY']

it('marks the client that escapes', () => {
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
#       ^^^^^^^^^^ waypoint-identity-escapes-deny: "shop/debug" escapes this DENY through waypoint "shop/waypoint" and reaches workload "api" as the waypoint.
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('who escapes', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['a client by account', [DENY_DEBUG], ESCAPES],
    ['a client that is here and ambient', [DENY_DEBUG, client('')], ESCAPES],
    [
      'a client with a sidecar, which passes no waypoint',
      [DENY_DEBUG, client('    sidecar.istio.io/inject: "true"\n')],
      [],
    ],
    ['a client outside the mesh', [DENY_DEBUG, client('    istio.io/dataplane-mode: none\n')], []],
    ['an ingress gateway', [deny('serviceAccounts', 'istio-ingress/istio-ingressgateway')], []],
    ['the namespace of the waypoint, which is denied itself', [deny('namespaces', 'shop')], []],
    [
      "whoever is not of the waypoint's namespace",
      [deny('notNamespaces', 'shop')],
      ['deny: Whoever this rule does not except escapes this DENY'],
    ],
    [
      'whoever is not the waypoint: that is what such a policy is for',
      [deny('notServiceAccounts', 'shop/waypoint')],
      [],
    ],
    ['plaintext, which passes no waypoint', [deny('notPrincipals', '"*"')], []],
    [
      'a client on a port that no Service reaches',
      [deny('serviceAccounts', 'shop/debug', '  to:\n  - operation:\n      ports: ["9090"]')],
      [],
    ],
    ['a client, where a companion admits the waypoint', [DENY_DEBUG, COMPANION], ESCAPES],
    [
      'a client, where nobody admits the waypoint',
      [
        DENY_DEBUG,
        policyText('allow-web', 'rules:\n- from:\n  - source:\n      serviceAccounts: [shop/web]'),
      ],
      [],
    ],
  ])('%s', (_, policies, expected) => {
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
      'admits others only',
      atWaypoint('rules:\n- from:\n  - source:\n      serviceAccounts: [shop/web]'),
      [],
    ],
    [
      'admits everybody',
      atWaypoint('rules:\n- to:\n  - operation:\n      methods: ["GET"]'),
      ESCAPES,
    ],
    [
      'denies somebody else',
      atWaypoint('action: DENY\nrules:\n- from:\n  - source:\n      namespaces: [dev]'),
      ESCAPES,
    ],
    [
      'asks an external authorizer',
      atWaypoint('action: CUSTOM\nprovider:\n  name: opa\nrules:\n- {}'),
      [],
    ],
  ])('%s', (_, policy, expected) => {
    expect(found([SHOP, DENY_DEBUG, policy])).toEqual(expected)
  })
})

it('takes a client of an unknown namespace to be ambient, and says so', () => {
  const [finding] = findingsOf(analyse(`${SHOP}---\n${deny('namespaces', 'dev')}`)).filter(
    (other) => other.rule === rule,
  )
  expect(finding).toMatchObject({ level: 'warning', assumptions: ['namespace "dev" is ambient'] })
  expect(found([SHOP, deny('namespaces', 'dev')], { settings: { assumeAmbient: 'none' } })).toEqual(
    [],
  )
})

it('moves the DENY to the waypoint', () => {
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
  expectFixed(
    text('  selector:\n    matchLabels:\n      app: api\n'),
    { rule, title: 'Bind to waypoint via targetRefs' },
    text('  targetRefs:\n    - kind: Service\n      group: ""\n      name: api\n'),
  )
})
