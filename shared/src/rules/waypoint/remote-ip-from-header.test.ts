import { describe, expect, it } from 'vitest'
import { analyse, compareMarked, expectFixed, findingsOf } from '../../testing/index.js'
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
  'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: public\n  namespace: ingress\nspec:\n  gatewayClassName: istio\n  listeners: []\n'
const denyOthers = (source: string, more = ''): string =>
  policyText('guard', `${GATEWAY}action: DENY\nrules:\n- from:\n  - source: {${source}}\n${more}`)

function found(...documents: readonly string[]): string[] {
  return findingsOf(analyse(documents.join('---\n')))
    .filter((finding) => finding.rule === rule)
    .map(({ message, level }) => `${level}: ${message}`)
}
const says = (name: string, rest: string): string =>
  `warning: At a waypoint "${name}" goes by x-forwarded-for, which callers in the mesh write themselves: ${rest}.`
const GET_IN = [says('remoteIpBlocks', 'they can get in')]

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
#       ^^^^^^^^^^^^^^^^^ remote-ip-from-header: At a waypoint "notRemoteIpBlocks" goes by x-forwarded-for, which callers in the mesh write themselves: they can get past it.
    when:
    - key: remote.ip
#          ^^^^^^^^^ remote-ip-from-header: At a waypoint "remote.ip" goes by x-forwarded-for, which callers in the mesh write themselves: they can get past it.
      values: [203.0.113.0/24]
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('where the policy is enforced', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['at the waypoint of a Service', [SHOP, policyText('p', SERVICE + BLOCKS)], GET_IN],
    ['at a waypoint', [SHOP, policyText('p', GATEWAY + BLOCKS)], GET_IN],
    ['at every waypoint', [policyText('p', CLASS + BLOCKS, 'istio-system')], GET_IN],
    [
      'at an ingress gateway, which writes the header',
      [SHOP.replace('istio-waypoint', 'istio'), policyText('p', GATEWAY + BLOCKS)],
      [],
    ],
    ['at ztunnel, which drops it', [SHOP, policyText('p', BLOCKS)], []],
  ])('%s', (_, documents, expected) => {
    expect(found(...documents)).toEqual(expected)
  })
})

describe('who can call', () => {
  const blocks = 'remoteIpBlocks: [203.0.113.0/24]'
  const when = (key: string, values = 'ingress'): string =>
    `  when:\n  - {key: ${key}, values: ["${values}"]}\n`
  it.each<[string, string, readonly string[]]>([
    ['anybody of the mesh', from(`${blocks}, principals: ["*"]`), GET_IN],
    [
      'a client of another source of the rule',
      `rules:\n- from:\n  - source: {${blocks}}\n  - source: {namespaces: [ingress]}\n`,
      GET_IN,
    ],
    ['anybody but one', from(`${blocks}, notNamespaces: [web]`), GET_IN],
    ['one account', from(`${blocks}, serviceAccounts: [ingress/public-istio]`), []],
    [
      'one principal',
      from(`${blocks}, principals: [cluster.local/ns/ingress/sa/public-istio]`),
      [],
    ],
    ['one namespace, by a condition', from(blocks) + when('source.namespace'), []],
    ['any namespace, by a condition', from(blocks) + when('source.namespace', '*'), GET_IN],
    [
      'one account in every source, the address in a condition',
      `${from('namespaces: [ingress]')}${when('remote.ip', '203.0.113.0/24')}`,
      [],
    ],
    [
      'the address in a condition, one source without identity',
      `rules:\n- from:\n  - source: {namespaces: [ingress]}\n  - source: {requestPrincipals: ["*"]}\n${when('remote.ip', '203.0.113.0/24')}`,
      [says('remote.ip', 'they can get in')],
    ],
    ['it is only logged', from(blocks, 'AUDIT'), []],
    [
      'an external authorizer decides',
      `${from(blocks, 'CUSTOM')}provider: {name: ext}\n`,
      [says('remoteIpBlocks', 'it proves nothing')],
    ],
  ])('%s', (_, spec, expected) => {
    expect(found(SHOP, policyText('p', SERVICE + spec))).toEqual(expected)
  })

  it.each<[string, string, readonly string[]]>([
    ['everybody but the gateway', denyOthers('notServiceAccounts: [ingress/public-istio]'), []],
    [
      'everybody but the gateway, on one path',
      denyOthers(
        'notServiceAccounts: [ingress/public-istio]',
        '  to:\n  - operation: {paths: [/x]}\n',
      ),
      GET_IN,
    ],
    ['one client', denyOthers('serviceAccounts: [shop/web]'), GET_IN],
    [
      'everybody, as a trial',
      denyOthers('notServiceAccounts: [ingress/public-istio]').replace(
        '  name: guard\n',
        '  name: guard\n  annotations: {istio.io/dry-run: "true"}\n',
      ),
      GET_IN,
    ],
    ['whom another tool fills in', denyOthers('serviceAccounts: ["${WHO}"]'), []],
  ])('another policy refuses %s', (_, guard, expected) => {
    expect(found(SHOP, policyText('p', SERVICE + BLOCKS), guard)).toEqual(expected)
  })
})

describe('the fix', () => {
  const text = (spec: string): string =>
    [SHOP, COMPANION, INGRESS, policyText('p', SERVICE + spec)].join('---\n')
  const title = 'Ask for the identity of "ingress/public-istio" too'
  const titles = (...documents: readonly string[]): string[] =>
    findingsOf(analyse(documents.join('---\n')))
      .filter((finding) => finding.rule === rule)
      .flatMap(({ fixes }) => fixes.map((fix) => fix.title))

  it('asks for the gateway in the source', () => {
    const rules = (more = ''): string =>
      `rules:\n- from:\n  - source:\n      remoteIpBlocks:\n      - 203.0.113.0/24 # the office\n${more}`
    expectFixed(
      text(rules()),
      { rule, title },
      text(rules('      serviceAccounts:\n      - ingress/public-istio')),
    )
  })

  it('asks for the gateway beside a condition', () => {
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
    ['no gateway is here', [SHOP, policyText('p', SERVICE + BLOCKS)]],
    [
      'it is a DENY, which would stop less',
      [SHOP, INGRESS, policyText('p', SERVICE + from('remoteIpBlocks: [203.0.113.0/24]', 'DENY'))],
    ],
    [
      'the source cannot take accounts',
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
