import { describe, expect, it } from 'vitest'
import { analyse, compareMarked, expectFixed, findingsOf, replaceIn } from '../../testing/index.js'
import { COMPANION, policyText, SHOP } from '../support/examples.js'
import { ipBlocksAtWaypoint } from './ip-blocks-at-waypoint.js'

const rule = ipBlocksAtWaypoint.name
const SERVICE = 'targetRefs:\n- {kind: Service, name: api}\n'
const GATEWAY = 'targetRefs:\n- {kind: Gateway, group: gateway.networking.k8s.io, name: waypoint}\n'
const CLASS =
  'targetRefs:\n- {kind: GatewayClass, group: gateway.networking.k8s.io, name: istio-waypoint}\n'
const from = (source: string, action = 'ALLOW'): string =>
  `action: ${action}\nrules:\n- from:\n  - source: {${source}}`
const BLOCKS = from('ipBlocks: [10.0.0.0/8]')
const NAMESPACE = SHOP.slice(0, SHOP.indexOf('---') + 4)

function found(...documents: readonly string[]): string[] {
  return findingsOf(analyse(documents.join('---\n')))
    .filter((finding) => finding.rule === rule)
    .map(({ message, level }) => `${level}: ${message}`)
}
const neverTrue = (result: string, level = 'error'): string =>
  `${level}: "ipBlocks" has no value at a waypoint: this condition is never true${result}.`
const alwaysTrue = (name: string, result: string): string =>
  `error: "${name}" has no value at a waypoint: this condition is always true and ${result}.`

it('marks every attribute', () => {
  const { found: marked, expected } = compareMarked(
    `${SHOP}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: p
  namespace: shop
spec:
  targetRefs:
  - {kind: Service, name: api}
  action: DENY
  rules:
  - from:
    - source:
        namespaces: [web]
        ipBlocks: [10.0.0.0/8]
#       ^^^^^^^^ ip-blocks-at-waypoint: "ipBlocks" has no value at a waypoint: this condition is never true and denies no client.
        notIpBlocks: [10.1.0.0/16]
#       ^^^^^^^^^^^ ip-blocks-at-waypoint: "notIpBlocks" has no value at a waypoint: this condition is always true and excludes no client.
    when:
    - key: source.ip
#          ^^^^^^^^^ ip-blocks-at-waypoint: "source.ip" has no value at a waypoint: this condition is never true and denies no client.
      values: [10.0.0.0/8]
    - key: remote.ip
      values: [10.0.0.0/8]
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('a policy with IP blocks', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    [
      'at the waypoint of a Service',
      [SHOP, policyText('p', SERVICE + BLOCKS)],
      [neverTrue(' and allows no client')],
    ],
    [
      'at a waypoint',
      [SHOP, policyText('p', GATEWAY + BLOCKS)],
      [neverTrue(' and allows no client')],
    ],
    [
      'at every waypoint, also without waypoints in the files',
      [policyText('p', CLASS + BLOCKS, 'istio-system')],
      [neverTrue(' and allows no client')],
    ],
    [
      'at a waypoint that the namespace uses by assumption',
      [SHOP.slice(NAMESPACE.length), policyText('p', SERVICE + BLOCKS)],
      [neverTrue(' and allows no client', 'warning')],
    ],
    [
      'once for two references to the same waypoint',
      [
        SHOP,
        policyText(
          'p',
          `${SERVICE}- {kind: Gateway, group: gateway.networking.k8s.io, name: waypoint}\n${BLOCKS}`,
        ),
      ],
      [neverTrue(' and allows no client')],
    ],
    [
      'not outside the root namespace for a GatewayClass',
      [SHOP, policyText('p', CLASS + BLOCKS)],
      [],
    ],
    [
      'not at an ingress gateway, which knows addresses',
      [replaceIn(SHOP, ['istio-waypoint', 'istio']), policyText('p', GATEWAY + BLOCKS)],
      [],
    ],
    [
      'not at an agentgateway waypoint',
      [
        replaceIn(SHOP, ['istio-waypoint', 'istio-agentgateway-waypoint']),
        policyText('p', GATEWAY + BLOCKS),
      ],
      [],
    ],
    ['not at ztunnel', [SHOP, policyText('p', BLOCKS)], []],
    ['not for a Service outside the files', [NAMESPACE, policyText('p', SERVICE + BLOCKS)], []],
  ])('is checked %s', (_, documents, expected) => {
    expect(found(...documents)).toEqual(expected)
  })
})

describe('the message', () => {
  it.each([
    [from('ipBlocks: [0.0.0.0/0]'), neverTrue(' and allows no client')],
    [from('notIpBlocks: [10.0.0.0/8]'), alwaysTrue('notIpBlocks', 'restricts nothing')],
    [
      'action: AUDIT\nrules:\n- when:\n  - {key: source.ip, notValues: [10.0.0.0/8]}',
      alwaysTrue('source.ip', 'excludes no request'),
    ],
    [
      `${from('ipBlocks: [10.0.0.0/8]', 'CUSTOM')}\nprovider: {name: ext}`,
      neverTrue(' and matches no request'),
    ],
    [from('ipBlocks: [10.0.0.0/8]', '"${ACTION}"'), neverTrue('')],
  ])('tells the consequence of %s', (spec, expected) => {
    expect(found(SHOP, policyText('p', SERVICE + spec))).toEqual([expected])
  })

  it('has a related fact with the release of Envoy', () => {
    const [finding] = findingsOf(
      analyse(`${SHOP}---\n${policyText('p', SERVICE + BLOCKS)}`),
    ).filter((item) => item.rule === rule)
    expect(finding?.related.map(({ message }) => message)).toEqual([
      'The waypoint "shop/waypoint". A waypoint does not know the client\'s address ' +
        "(seen on Envoy 1.40; Istio's own build of Envoy was not run).",
    ])
  })
})

describe('the fix', () => {
  const text = (spec: string): string =>
    [SHOP, COMPANION, policyText('p', SERVICE + spec)].join('---\n')
  it.each([
    [BLOCKS, from('remoteIpBlocks: [10.0.0.0/8]'), 'remoteIpBlocks'],
    [
      from('notIpBlocks: [10.0.0.0/8]'),
      from('notRemoteIpBlocks: [10.0.0.0/8]'),
      'notRemoteIpBlocks',
    ],
    [
      'rules:\n- when:\n  - {key: source.ip, values: [10.0.0.0/8]}',
      'rules:\n- when:\n  - {key: remote.ip, values: [10.0.0.0/8]}',
      'remote.ip',
    ],
  ])('replaces %s', (before, after, what) => {
    expectFixed(
      text(before),
      { rule, title: `Use ${what} (trusts x-forwarded-for, which any client in the mesh can set)` },
      text(after),
    )
  })

  it('is not offered where the rule already has the other field', () => {
    const fixes = findingsOf(
      analyse(text(from('ipBlocks: [10.0.0.0/8], remoteIpBlocks: [10.1.0.0/16]'))),
    )
      .filter((finding) => finding.rule === rule)
      .flatMap((finding) => finding.fixes)
    expect(fixes).toEqual([])
  })
})
