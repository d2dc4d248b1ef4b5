import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  describeFindings,
  expectFixed,
  findingsOf,
  replaceIn,
  withoutArrows,
} from '../../testing/index.js'
import { unmatchableIpBlock } from './unmatchable-ip-block.js'
import { unmatchableIpBlockPage } from './unmatchable-ip-block.page.js'

const { name } = unmatchableIpBlock
const { good } = unmatchableIpBlockPage
const bad = withoutArrows(unmatchableIpBlockPage.bad)
const rules = [name]
const withBlock = (block: string): string => replaceIn(bad, ['::ffff:10.1.0.0/112', block])
const messages = (text: string): string[] =>
  describeFindings(analyse(text))
    .filter((line) => line.includes(` ${name}: `))
    .map((line) => line.replace(/^.*unmatchable-ip-block: /, ''))

it('marks an IP block that never matches', () => {
  const { found, expected } = compareMarked(
    replaceIn(bad, [
      '/112"]\n',
      `/112"]
#                      ^^^^^^^^^^^^^^^^^^^^^ unmatchable-ip-block: IP block "::ffff:10.1.0.0/112" denies nothing: ztunnel compares IPv4 addresses as IPv4, never as mapped IPv6.
`,
    ]),
    { rules },
  )
  expect(found).toEqual(expected)
})

describe('an IP block', () => {
  it.each([
    '10.0.0.0/8',
    '::/0',
    '0.0.0.0/0',
    '::ffff:0:0/90',
    '2001:db8::/32',
    '126.0.0.0/7',
    '169.254.7.127',
    '::2',
    'nonsense',
  ])('reports nothing for the IP block %s', (block) => {
    expect(messages(withBlock(block))).toEqual([])
  })

  it.each([
    ['::ffff:0:0/96', 'ztunnel compares IPv4 addresses as IPv4, never as mapped IPv6.'],
    ['127.0.0.1', 'loopback traffic does not reach ztunnel.'],
    ['::1/128', 'loopback traffic does not reach ztunnel.'],
    ['0.0.0.0', 'no TCP connection has such an address.'],
    ['::', 'no TCP connection has such an address.'],
    ['239.1.0.0/16', 'no TCP connection has such an address.'],
  ])('reports that the IP block %s never matches', (block, reason) => {
    expect(messages(withBlock(block))).toEqual([`IP block "${block}" denies nothing: ${reason}`])
  })

  it('reports IP blocks of conditions and notIpBlocks too', () => {
    expect(messages(replaceIn(bad, ['ipBlocks', 'notIpBlocks']))).toEqual([
      'IP block "::ffff:10.1.0.0/112" excludes nothing: ztunnel compares IPv4 addresses as IPv4, never as mapped IPv6.',
    ])
    const condition = replaceIn(
      bad,
      [
        /- from:[^]*$/,
        '- when:\n        - key: destination.ip\n          values: ["::ffff:10.1.2.3"]\n',
      ],
      ['DENY', 'ALLOW'],
    )
    expect(messages(condition)).toEqual([
      'IP block "::ffff:10.1.2.3" allows nothing: ztunnel compares IPv4 addresses as IPv4, never as mapped IPv6.',
    ])
  })
})

it.each([
  [
    'the policy is for a waypoint',
    replaceIn(bad, [
      /selector:\n {4}matchLabels:\n {6}app: api\n {2}action/,
      'targetRefs: [{kind: Service, group: "", name: api}]\n  action',
    ]),
  ],
  ['no workload is captured', replaceIn(bad, ['dataplane-mode: ambient', 'dataplane-mode: none'])],
  [
    'the policy is a dry run',
    replaceIn(bad, [
      'name: deny-office\n',
      'name: deny-office\n  annotations: {istio.io/dry-run: "true"}\n',
    ]),
  ],
  ['the address is from a header', replaceIn(bad, ['ipBlocks', 'remoteIpBlocks'])],
])('reports nothing if %s', (_, text) => {
  expect(messages(text)).toEqual([])
})

it('offers the block as IPv4, as a safe fix if the policy denies more with it', () => {
  expectFixed(bad, { rule: name, title: 'Change to "10.1.0.0/16"' }, good)
  expectFixed(
    withBlock('::ffff:10.1.2.3'),
    { rule: name, title: 'Change to "10.1.2.3"' },
    withBlock('10.1.2.3'),
  )
  const safe = (text: string): unknown =>
    findingsOf(analyse(text))
      .filter(({ rule }) => rule === name)
      .flatMap(({ fixes }) => fixes.map((fix) => fix.safe))
  expect(safe(bad)).toEqual([true])
  expect(safe(replaceIn(bad, ['DENY', 'ALLOW']))).toEqual([false])
  expect(safe(replaceIn(bad, ['ipBlocks', 'notIpBlocks']))).toEqual([false])
  expect(safe(withBlock('127.0.0.1'))).toEqual([])
})
