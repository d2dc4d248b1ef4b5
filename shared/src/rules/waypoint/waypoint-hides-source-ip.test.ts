import { describe, expect, it } from 'vitest'
import { analyse, compareMarked, findingsOf } from '../../testing/index.js'
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
  `warning: "${name}" sees waypoint "shop/waypoint" as the source of all that comes through it to workload "api", not its clients.`
const from = (source: string, more = ''): string =>
  policyText('p', `action: DENY\nrules:\n- from:\n  - source: {${source}}\n${more}`)

it('marks the attribute, one for each rule', () => {
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
#       ^^^^^^^^ waypoint-hides-source-ip: "ipBlocks" sees waypoint "shop/waypoint" as the source of all that comes through it to workload "api", not its clients.
        notIpBlocks: [203.0.113.7]
  - to:
    - operation:
        ports: ["9999"]
  - when:
    - key: source.ip
#          ^^^^^^^^^ waypoint-hides-source-ip: "source.ip" sees waypoint "shop/waypoint" as the source of all that comes through it to workload "api", not its clients.
      notValues: [10.0.0.0/8]
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('which rules judge the waypoint by its address', () => {
  it.each<[string, string, readonly string[]]>([
    [
      'one for the port that it reaches',
      from('ipBlocks: [10.0.0.0/8]', '  to:\n  - operation: {ports: ["8080"]}\n'),
      [says('ipBlocks')],
    ],
    [
      'one for another port',
      from('ipBlocks: [10.0.0.0/8]', '  to:\n  - operation: {ports: ["9090"]}\n'),
      [],
    ],
    [
      'one for the waypoint itself',
      from('ipBlocks: [10.0.0.0/8], serviceAccounts: [shop/waypoint]'),
      [says('ipBlocks')],
    ],
    [
      'one for a client that does not come through it',
      from('ipBlocks: [10.0.0.0/8], serviceAccounts: [monitoring/prometheus]'),
      [],
    ],
    ['one for plaintext', from('ipBlocks: [10.0.0.0/8], notPrincipals: ["*"]'), []],
    ['one for every address', from('ipBlocks: [0.0.0.0/0]'), []],
    [
      'one beside a source that matches anyway',
      policyText(
        'p',
        'action: DENY\nrules:\n- from:\n  - source: {ipBlocks: [10.0.0.0/8]}\n  - source: {principals: ["*"]}\n',
      ),
      [],
    ],
    [
      'one by the address of the pod',
      policyText('p', 'rules:\n- when:\n  - {key: destination.ip, values: [10.0.0.1]}\n'),
      [],
    ],
    ['one that another tool fills in', from('ipBlocks: ["${BLOCK}"]'), []],
    [
      'an ALLOW',
      policyText('p', 'rules:\n- from:\n  - source: {ipBlocks: [10.0.0.0/8]}\n'),
      [says('ipBlocks')],
    ],
    [
      'one that ztunnel drops',
      policyText(
        'p',
        'rules:\n- from:\n  - source: {ipBlocks: [10.0.0.0/8]}\n  to:\n  - operation: {methods: [GET]}\n',
      ),
      [],
    ],
    [
      'one that ztunnel does not get',
      policyText('p', 'action: AUDIT\nrules:\n- from:\n  - source: {ipBlocks: [10.0.0.0/8]}\n'),
      [],
    ],
    [
      'one that the waypoint enforces',
      policyText(
        'p',
        'targetRefs:\n- {kind: Service, name: api}\nrules:\n- from:\n  - source: {ipBlocks: [10.0.0.0/8]}\n',
      ),
      [],
    ],
  ])('%s', (_, policy, expected) => {
    expect(found(SHOP, policy)).toEqual(expected)
  })
})

describe('where there is a waypoint', () => {
  const policy = from('ipBlocks: [10.0.0.0/8]')
  it.each<[string, string, readonly string[]]>([
    ['of the namespace', SHOP, [says('ipBlocks')]],
    ['none', SHOP.replace('    istio.io/use-waypoint: waypoint\n', ''), []],
    [
      'of workloads only, for pods that choose it',
      SHOP.replace('waypoint-for: service', 'waypoint-for: workload'),
      [says('ipBlocks')],
    ],
    [
      'of a namespace without ztunnel',
      SHOP.replace('dataplane-mode: ambient', 'dataplane-mode: none'),
      [],
    ],
    ['which the namespace is taken to use', SHOP.slice(NAMESPACE.length), [says('ipBlocks')]],
  ])('%s', (_, text, expected) => {
    expect(found(text, policy)).toEqual(expected)
  })
})
