import { describe, expect, it } from 'vitest'
import { analyse, compareMarked, expectFixed, findingsOf, replaceIn } from '../../testing/index.js'
import { COMPANION, policyText, SHOP } from '../support/examples.js'
import { remoteIpFromHeader } from './remote-ip-from-header.js'

const rule = remoteIpFromHeader.name
const SERVICE = 'targetRefs:\n- {kind: Service, name: api}\n'
const GATEWAY = 'targetRefs:\n- {kind: Gateway, group: gateway.networking.k8s.io, name: waypoint}\n'
const CLASS =
  'targetRefs:\n- {kind: GatewayClass, group: gateway.networking.k8s.io, name: istio-waypoint}\n'
const from = (source: string, action = 'ALLOW'): string =>
  `action: ${action}\nrules:\n- from:\n  - source: {${source}}\n`
const BLOCKS = from('remoteIpBlocks: [203.0.113.0/24]')
const INGRESS =
  'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n' +
  '  name: public\n  namespace: ingress\nspec:\n  gatewayClassName: istio\n' +
  '  listeners: [{name: mesh, port: 15008, protocol: HBONE}]\n'
const denyOthers = (source: string, more = ''): string =>
  policyText('guard', `${GATEWAY}action: DENY\nrules:\n- from:\n  - source: {${source}}\n${more}`)

function found(...documents: readonly string[]): string[] {
  return findingsOf(analyse(documents.join('---\n')))
    .filter((finding) => finding.rule === rule)
    .map(({ message, level }) => `${level}: ${message}`)
}
const anyClientCan = (effect: string, name = 'remoteIpBlocks'): string =>
  `warning: Any client in the mesh can ${effect}: at a waypoint, "${name}" trusts the x-forwarded-for header.`
const CAN_MATCH = [anyClientCan('match this ALLOW')]

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
        notRemoteIpBlocks: [203.0.113.0/24]
#       ^^^^^^^^^^^^^^^^^ remote-ip-from-header: Any client in the mesh can bypass this DENY: at a waypoint, "notRemoteIpBlocks" trusts the x-forwarded-for header.
    when:
    - key: remote.ip
#          ^^^^^^^^^ remote-ip-from-header: Any client in the mesh can bypass this DENY: at a waypoint, "remote.ip" trusts the x-forwarded-for header.
      values: [203.0.113.0/24]
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('a policy with remote IP blocks', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['at the waypoint of a Service', [SHOP, policyText('p', SERVICE + BLOCKS)], CAN_MATCH],
    ['at a waypoint', [SHOP, policyText('p', GATEWAY + BLOCKS)], CAN_MATCH],
    ['at every waypoint', [policyText('p', CLASS + BLOCKS, 'istio-system')], CAN_MATCH],
    [
      'not at an ingress gateway, which sets the header',
      [replaceIn(SHOP, ['istio-waypoint', 'istio']), policyText('p', GATEWAY + BLOCKS)],
      [],
    ],
    ['not at ztunnel, which drops the rule', [SHOP, policyText('p', BLOCKS)], []],
  ])('is checked %s', (_, documents, expected) => {
    expect(found(...documents)).toEqual(expected)
  })
})

describe('the allowed clients', () => {
  const blocks = 'remoteIpBlocks: [203.0.113.0/24]'
  const when = (key: string, values = 'ingress'): string =>
    `  when:\n  - {key: ${key}, values: ["${values}"]}\n`
  it.each<[string, string, readonly string[]]>([
    ['any identity of the mesh', from(`${blocks}, principals: ["*"]`), CAN_MATCH],
    [
      'clients of another source of the rule',
      `rules:\n- from:\n  - source: {${blocks}}\n  - source: {namespaces: [ingress]}\n`,
      CAN_MATCH,
    ],
    ['all namespaces except one', from(`${blocks}, notNamespaces: [web]`), CAN_MATCH],
    ['one account', from(`${blocks}, serviceAccounts: [ingress/public-istio]`), []],
    [
      'one principal',
      from(`${blocks}, principals: [cluster.local/ns/ingress/sa/public-istio]`),
      [],
    ],
    ['one namespace in a condition', from(blocks) + when('source.namespace'), []],
    ['any namespace in a condition', from(blocks) + when('source.namespace', '*'), CAN_MATCH],
    [
      'one namespace in every source, with the address in a condition',
      `${from('namespaces: [ingress]')}${when('remote.ip', '203.0.113.0/24')}`,
      [],
    ],
    [
      'sources of which one has no identity, with the address in a condition',
      'rules:\n- from:\n  - source: {namespaces: [ingress]}\n' +
        `  - source: {requestPrincipals: ["*"]}\n${when('remote.ip', '203.0.113.0/24')}`,
      [anyClientCan('match this ALLOW', 'remote.ip')],
    ],
    ['the clients that an AUDIT policy logs', from(blocks, 'AUDIT'), []],
    [
      'the clients that an external authorizer allows',
      `${from(blocks, 'CUSTOM')}provider: {name: ext}\n`,
      [anyClientCan('set this address')],
    ],
  ])('are limited by the rule to %s', (_, spec, expected) => {
    expect(found(SHOP, policyText('p', SERVICE + spec))).toEqual(expected)
  })

  it.each<[string, string, readonly string[]]>([
    [
      'all accounts except the gateway',
      denyOthers('notServiceAccounts: [ingress/public-istio]'),
      [],
    ],
    [
      'all accounts except the gateway on one path',
      denyOthers(
        'notServiceAccounts: [ingress/public-istio]',
        '  to:\n  - operation: {paths: [/x]}\n',
      ),
      CAN_MATCH,
    ],
    ['one client', denyOthers('serviceAccounts: [shop/web]'), CAN_MATCH],
    [
      'all accounts in a dry run',
      replaceIn(denyOthers('notServiceAccounts: [ingress/public-istio]'), [
        '  name: guard\n',
        '  name: guard\n  annotations: {istio.io/dry-run: "true"}\n',
      ]),
      CAN_MATCH,
    ],
    ['accounts that another tool fills in', denyOthers('serviceAccounts: ["${WHO}"]'), []],
  ])('are limited by another policy that denies %s', (_, guard, expected) => {
    expect(found(SHOP, policyText('p', SERVICE + BLOCKS), guard)).toEqual(expected)
  })
})

it.each<[string, string, readonly string[]]>([
  ['one account', from('serviceAccounts: [ingress/public-istio]'), []],
  [
    'another namespace',
    from('notNamespaces: [web]'),
    [anyClientCan('bypass this DENY', 'notRemoteIpBlocks')],
  ],
  [
    'all who send a GET',
    'rules:\n- to:\n  - operation: {methods: [GET]}\n',
    [anyClientCan('bypass this DENY', 'notRemoteIpBlocks')],
  ],
])('clients that bypass a DENY are those that an ALLOW allows: %s', (_, allow, expected) => {
  const deny = policyText('p', SERVICE + from('notRemoteIpBlocks: [203.0.113.0/24]', 'DENY'))
  expect(found(SHOP, deny, policyText('guard', SERVICE + allow))).toEqual(expected)
  expect(found(SHOP, deny)).toHaveLength(1)
})

describe('the fix', () => {
  const text = (spec: string): string =>
    [SHOP, COMPANION, INGRESS, policyText('p', SERVICE + spec)].join('---\n')
  const title = 'Also require the identity "ingress/public-istio"'
  const titles = (...documents: readonly string[]): string[] =>
    findingsOf(analyse(documents.join('---\n')))
      .filter((finding) => finding.rule === rule)
      .flatMap(({ fixes }) => fixes.map((fix) => fix.title))

  it('requires the identity of the gateway in the source', () => {
    const rules = (more = ''): string =>
      `rules:\n- from:\n  - source:\n      remoteIpBlocks:\n      - 203.0.113.0/24 # the office\n${more}`
    expectFixed(
      text(rules()),
      { rule, title },
      text(rules('      serviceAccounts:\n      - ingress/public-istio')),
    )
  })

  it('requires the identity of the gateway in addition to a condition', () => {
    const when = 'when:\n  - key: remote.ip\n    values: [203.0.113.0/24]'
    expectFixed(
      text(`rules:\n- ${when}`),
      { rule, title },
      text(
        `rules:\n- from:\n  - source:\n      serviceAccounts:\n      - ingress/public-istio\n  ${when}`,
      ),
    )
  })

  it.each([
    ['no gateway is in the files', [SHOP, policyText('p', SERVICE + BLOCKS)]],
    [
      'the policy is a DENY, which would deny less',
      [SHOP, INGRESS, policyText('p', SERVICE + from('remoteIpBlocks: [203.0.113.0/24]', 'DENY'))],
    ],
    [
      'the source cannot have service accounts',
      [
        SHOP,
        INGRESS,
        policyText('p', SERVICE + from('remoteIpBlocks: [203.0.113.0/24], notNamespaces: [web]')),
      ],
    ],
  ])('is not offered where %s', (_, documents) => {
    expect(titles(...documents)).toEqual([])
  })
})
