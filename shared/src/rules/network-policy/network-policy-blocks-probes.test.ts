import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  describeFindings,
  expectFixed,
  findingsOf,
} from '../../testing/index.js'
import { networkPolicyBlocksProbes } from './network-policy-blocks-probes.js'
import { networkPolicyBlocksProbesPage } from './network-policy-blocks-probes.page.js'

const { name } = networkPolicyBlocksProbes
const { bad, good } = networkPolicyBlocksProbesPage
const rules = [name]
const said = (text: string): string[] =>
  describeFindings(analyse(text))
    .filter((line) => line.includes(` ${name}: `))
    .map((line) => line.replace(/^.*network-policy-blocks-probes: /, ''))
const policy = (policyName: string, spec: string): string =>
  `---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${policyName}, namespace: shop}\nspec: ${spec}\n`
const MESSAGE =
  'Probes of captured pods come from 169.254.7.127, which no NetworkPolicy admits to workload "api": they may fail.'

it('marks what isolates the pods', () => {
  const { found, expected } = compareMarked(
    bad.replace(
      '  policyTypes:\n',
      `  policyTypes:\n# ^^^^^^^^^^^ network-policy-blocks-probes: ${MESSAGE}\n`,
    ),
    { rules },
  )
  expect(found).toEqual(expected)
})

it('speaks once, whatever the number of policies and probes', () => {
  expect(
    said(
      bad.replace(
        'readinessProbe',
        'livenessProbe: {tcpSocket: {port: 8080}}\n          readinessProbe',
      ) + policy('second', '{podSelector: {}, policyTypes: [Ingress]}'),
    ),
  ).toEqual([MESSAGE])
})

it.each([
  [
    'admits the address on another port only',
    bad +
      policy(
        'p',
        '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 169.254.7.127/32}}], ports: [{port: 9090}]}]}',
      ),
  ],
  [
    'admits pods only',
    bad +
      policy(
        'p',
        '{podSelector: {}, ingress: [{from: [{podSelector: {}, namespaceSelector: {}}]}]}',
      ),
  ],
  [
    'admits the port to IPv6 only',
    bad + policy('p', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: "::/0"}}]}]}'),
  ],
])('speaks where a policy %s', (_, text) => {
  expect(said(text)).toEqual([MESSAGE])
})

describe('is silent where', () => {
  it.each([
    ['the address is admitted', good],
    [
      'every address is',
      bad + policy('p', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}'),
    ],
    [
      'everybody is, on the port',
      bad +
        policy('p', '{podSelector: {matchLabels: {app: api}}, ingress: [{ports: [{port: 8080}]}]}'),
    ],
    ['the pods have no probes', bad.replace(/ {10}readinessProbe:\n.*\n.*\n.*\n/, '')],
    [
      'the probe runs in the container',
      bad.replace(/httpGet:\n.*\n.*\n/, 'exec: {command: [ready]}\n'),
    ],
    ['the pods are not captured', bad.replace('dataplane-mode: ambient', 'dataplane-mode: none')],
    ['only egress is restricted', bad.replace('- Ingress', '- Egress')],
    [
      'an address is filled in',
      bad + policy('p', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: "${CIDR}"}}]}]}'),
    ],
  ])('%s', (_, text) => {
    expect(said(text)).toEqual([])
  })
})

it('knows named ports', () => {
  const named = bad
    .replace('              port: 8080', '              port: http')
    .replace(
      '            - containerPort: 8080',
      '            - containerPort: 8080\n              name: http',
    )
  expect(said(named)).toEqual([MESSAGE])
  expect(
    said(named + policy('p', '{podSelector: {}, ingress: [{ports: [{port: http}]}]}')),
  ).toEqual([])
})

it('is fixed by admitting the address', () => {
  expectFixed(bad, { rule: name, title: 'Admit probes' }, good)
  expectFixed(
    bad,
    { rule: name, title: 'Admit probes, over IPv6 too' },
    `${good}        - ipBlock:\n            cidr: fd16:9254:7127:1337:ffff:ffff:ffff:ffff/128\n`,
  )
  expect(findingsOf(analyse(bad))[0]?.fixes.map(({ safe }) => safe)).toEqual([false, false])
})
