import { describe, expect, it } from 'vitest'
import { analyse, compareMarked, expectFixed, findingsOf } from '../../testing/index.js'
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
const says = (rest: string, level = 'error'): string =>
  `${level}: A waypoint sees no client address: ${rest}.`

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
#       ^^^^^^^^ ip-blocks-at-waypoint: A waypoint sees no client address: "ipBlocks" never matches, so by it this DENY stops nobody.
        notIpBlocks: [10.1.0.0/16]
#       ^^^^^^^^^^^ ip-blocks-at-waypoint: A waypoint sees no client address: "notIpBlocks" always holds, so by it this DENY spares nobody.
    when:
    - key: source.ip
#          ^^^^^^^^^ ip-blocks-at-waypoint: A waypoint sees no client address: "source.ip" never matches, so by it this DENY stops nobody.
      values: [10.0.0.0/8]
    - key: remote.ip
      values: [10.0.0.0/8]
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('where the policy is enforced', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    [
      'at the waypoint of a Service',
      [SHOP, policyText('p', SERVICE + BLOCKS)],
      [says('"ipBlocks" never matches, so by it this ALLOW admits nobody')],
    ],
    [
      'at a waypoint',
      [SHOP, policyText('p', GATEWAY + BLOCKS)],
      [says('"ipBlocks" never matches, so by it this ALLOW admits nobody')],
    ],
    [
      'at every waypoint, shown or not',
      [policyText('p', CLASS + BLOCKS, 'istio-system')],
      [says('"ipBlocks" never matches, so by it this ALLOW admits nobody')],
    ],
    [
      'at a waypoint that the namespace is taken to use',
      [SHOP.slice(NAMESPACE.length), policyText('p', SERVICE + BLOCKS)],
      [says('"ipBlocks" never matches, so by it this ALLOW admits nobody', 'warning')],
    ],
    [
      'in both places at once, once',
      [
        SHOP,
        policyText(
          'p',
          `${SERVICE}- {kind: Gateway, group: gateway.networking.k8s.io, name: waypoint}\n${BLOCKS}`,
        ),
      ],
      [says('"ipBlocks" never matches, so by it this ALLOW admits nobody')],
    ],
    ['nowhere, outside the root namespace', [SHOP, policyText('p', CLASS + BLOCKS)], []],
    [
      'at an ingress gateway, which sees addresses',
      [SHOP.replace('istio-waypoint', 'istio'), policyText('p', GATEWAY + BLOCKS)],
      [],
    ],
    [
      'at a waypoint that is no Envoy',
      [
        SHOP.replace('istio-waypoint', 'istio-agentgateway-waypoint'),
        policyText('p', GATEWAY + BLOCKS),
      ],
      [],
    ],
    ['at ztunnel', [SHOP, policyText('p', BLOCKS)], []],
    ['at a Service that the files do not show', [NAMESPACE, policyText('p', SERVICE + BLOCKS)], []],
  ])('%s', (_, documents, expected) => {
    expect(found(...documents)).toEqual(expected)
  })
})

describe('what it means', () => {
  it.each([
    [from('ipBlocks: [0.0.0.0/0]'), '"ipBlocks" never matches, so by it this ALLOW admits nobody'],
    [
      from('notIpBlocks: [10.0.0.0/8]'),
      '"notIpBlocks" always holds, so by it this ALLOW refuses nobody',
    ],
    [
      'action: AUDIT\nrules:\n- when:\n  - {key: source.ip, notValues: [10.0.0.0/8]}',
      '"source.ip" always holds, so by it this AUDIT leaves out nobody',
    ],
    [
      `${from('ipBlocks: [10.0.0.0/8]', 'CUSTOM')}\nprovider: {name: ext}`,
      '"ipBlocks" never matches, so by it this CUSTOM concerns nobody',
    ],
    [from('ipBlocks: [10.0.0.0/8]', '"${ACTION}"'), '"ipBlocks" never matches'],
  ])('%s', (spec, expected) => {
    expect(found(SHOP, policyText('p', SERVICE + spec))).toEqual([says(expected)])
  })

  it('says on what Envoy it was seen', () => {
    const [finding] = findingsOf(
      analyse(`${SHOP}---\n${policyText('p', SERVICE + BLOCKS)}`),
    ).filter((item) => item.rule === rule)
    expect(finding?.related.map(({ message }) => message)).toEqual([
      'The waypoint "shop/waypoint". It sees no address (found on Envoy 1.40; Istio\'s own build was not run).',
    ])
  })
})

describe('fixes, with their warning', () => {
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
  ])('%s', (before, after, what) => {
    expectFixed(
      text(before),
      { rule, title: `Use ${what} (x-forwarded-for, which callers in the mesh can write)` },
      text(after),
    )
  })

  it('renames nothing over a field that is there', () => {
    const fixes = findingsOf(
      analyse(text(from('ipBlocks: [10.0.0.0/8], remoteIpBlocks: [10.1.0.0/16]'))),
    )
      .filter((finding) => finding.rule === rule)
      .flatMap((finding) => finding.fixes)
    expect(fixes).toEqual([])
  })
})
