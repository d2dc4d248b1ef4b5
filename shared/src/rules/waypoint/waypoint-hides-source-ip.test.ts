import { describe, expect, it } from 'vitest'
import { analyse, compareMarked, findingsOf, replaceIn } from '../../testing/index.js'
import { policyText, SHOP } from '../support/examples.js'
import { waypointHidesSourceIp } from './waypoint-hides-source-ip.js'

const rule = waypointHidesSourceIp.name
const NAMESPACE = SHOP.slice(0, SHOP.indexOf('---') + 4)

function found(...documents: readonly string[]): string[] {
  return findingsOf(analyse(documents.join('---\n')))
    .filter((finding) => finding.rule === rule)
    .map(({ message, level }) => `${level}: ${message}`)
}
const says = (name: string): string =>
  `warning: "${name}" compares the waypoint's address, not the client's, ` +
  'for traffic through "shop/waypoint" to workload "api".'
const from = (source: string, more = ''): string =>
  policyText('p', `action: DENY\nrules:\n- from:\n  - source: {${source}}\n${more}`)

it('marks one attribute for each rule', () => {
  const { found: marked, expected } = compareMarked(
    `${SHOP}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: p
  namespace: shop
spec:
  action: DENY
  rules:
  - from:
    - source:
        ipBlocks: [203.0.113.0/24]
#       ^^^^^^^^ waypoint-hides-source-ip: "ipBlocks" compares the waypoint's address, not the client's, for traffic through "shop/waypoint" to workload "api".
        notIpBlocks: [203.0.113.7]
  - to:
    - operation:
        ports: ["9999"]
  - when:
    - key: source.ip
#          ^^^^^^^^^ waypoint-hides-source-ip: "source.ip" compares the waypoint's address, not the client's, for traffic through "shop/waypoint" to workload "api".
      notValues: [10.0.0.0/8]
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('a rule with IP blocks', () => {
  it.each<[string, string, readonly string[]]>([
    [
      'for the port behind the waypoint',
      from('ipBlocks: [10.0.0.0/8]', '  to:\n  - operation: {ports: ["8080"]}\n'),
      [says('ipBlocks')],
    ],
    [
      'not for another port',
      from('ipBlocks: [10.0.0.0/8]', '  to:\n  - operation: {ports: ["9090"]}\n'),
      [],
    ],
    [
      'for the account of the waypoint',
      from('ipBlocks: [10.0.0.0/8], serviceAccounts: [shop/waypoint]'),
      [says('ipBlocks')],
    ],
    [
      'not for another account',
      from('ipBlocks: [10.0.0.0/8], serviceAccounts: [monitoring/prometheus]'),
      [],
    ],
    ['not for plaintext', from('ipBlocks: [10.0.0.0/8], notPrincipals: ["*"]'), []],
    ['not for every address', from('ipBlocks: [0.0.0.0/0]'), []],
    [
      'not with a source that always matches',
      policyText(
        'p',
        'action: DENY\nrules:\n- from:\n  - source: {ipBlocks: [10.0.0.0/8]}\n  - source: {principals: ["*"]}\n',
      ),
      [],
    ],
    [
      'not for the address of the pod',
      policyText('p', 'rules:\n- when:\n  - {key: destination.ip, values: [10.0.0.1]}\n'),
      [],
    ],
    ['not for a value that another tool fills in', from('ipBlocks: ["${BLOCK}"]'), []],
    [
      'in an ALLOW',
      policyText('p', 'rules:\n- from:\n  - source: {ipBlocks: [10.0.0.0/8]}\n'),
      [says('ipBlocks')],
    ],
    [
      'not where ztunnel drops the rule',
      policyText(
        'p',
        'rules:\n- from:\n  - source: {ipBlocks: [10.0.0.0/8]}\n  to:\n  - operation: {methods: [GET]}\n',
      ),
      [],
    ],
    [
      'not where ztunnel does not get the policy',
      policyText('p', 'action: AUDIT\nrules:\n- from:\n  - source: {ipBlocks: [10.0.0.0/8]}\n'),
      [],
    ],
    [
      'not where the waypoint enforces the policy',
      policyText(
        'p',
        'targetRefs:\n- {kind: Service, name: api}\nrules:\n- from:\n  - source: {ipBlocks: [10.0.0.0/8]}\n',
      ),
      [],
    ],
  ])('is checked %s', (_, policy, expected) => {
    expect(found(SHOP, policy)).toEqual(expected)
  })
})

describe('the waypoint', () => {
  const policy = from('ipBlocks: [10.0.0.0/8]')
  it.each<[string, string, readonly string[]]>([
    ['that of the namespace', SHOP, [says('ipBlocks')]],
    ['missing', replaceIn(SHOP, ['    istio.io/use-waypoint: waypoint\n', '']), []],
    [
      'one for workloads that the pods select',
      replaceIn(SHOP, ['waypoint-for: service', 'waypoint-for: workload']),
      [says('ipBlocks')],
    ],
    [
      'without effect outside ambient mode',
      replaceIn(SHOP, ['dataplane-mode: ambient', 'dataplane-mode: none']),
      [],
    ],
    ['one that the namespace uses by assumption', SHOP.slice(NAMESPACE.length), [says('ipBlocks')]],
  ])('is %s', (_, text, expected) => {
    expect(found(text, policy)).toEqual(expected)
  })
})
