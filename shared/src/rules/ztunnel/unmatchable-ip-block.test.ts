import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  describeFindings,
  expectFixed,
  findingsOf,
} from '../../testing/index.js'
import { unmatchableIpBlock } from './unmatchable-ip-block.js'
import { unmatchableIpBlockPage } from './unmatchable-ip-block.page.js'

const { name } = unmatchableIpBlock
const { bad, good } = unmatchableIpBlockPage
const rules = [name]
const withBlock = (block: string): string => bad.replace('::ffff:10.1.0.0/112', block)
const said = (text: string): string[] =>
  describeFindings(analyse(text))
    .filter((line) => line.includes(` ${name}: `))
    .map((line) => line.replace(/^.*unmatchable-ip-block: /, ''))

it('marks the block', () => {
  const { found, expected } = compareMarked(
    bad.replace(
      '/112"]\n',
      '/112"]\n#                      ^^^^^^^^^^^^^^^^^^^^^ unmatchable-ip-block: Block "::ffff:10.1.0.0/112" stops nobody: ztunnel sees IPv4 addresses as IPv4, never as mapped IPv6.\n',
    ),
    { rules },
  )
  expect(found).toEqual(expected)
})

describe('a block', () => {
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
  ])('%s may match', (block) => {
    expect(said(withBlock(block))).toEqual([])
  })

  it.each([
    ['::ffff:0:0/96', 'ztunnel sees IPv4 addresses as IPv4, never as mapped IPv6.'],
    ['127.0.0.1', 'loopback traffic does not pass ztunnel.'],
    ['::1/128', 'loopback traffic does not pass ztunnel.'],
    ['0.0.0.0', 'no connection has such an address.'],
    ['::', 'no connection has such an address.'],
    ['239.1.0.0/16', 'no connection has such an address.'],
  ])('%s never does', (block, reason) => {
    expect(said(withBlock(block))).toEqual([`Block "${block}" stops nobody: ${reason}`])
  })

  it('is judged in conditions and exceptions too', () => {
    expect(said(bad.replace('ipBlocks', 'notIpBlocks'))).toEqual([
      'Block "::ffff:10.1.0.0/112" excepts nobody: ztunnel sees IPv4 addresses as IPv4, never as mapped IPv6.',
    ])
    const condition = bad
      .replace(
        /- from:[^]*$/,
        '- when:\n        - key: destination.ip\n          values: ["::ffff:10.1.2.3"]\n',
      )
      .replace('DENY', 'ALLOW')
    expect(said(condition)).toEqual([
      'Block "::ffff:10.1.2.3" admits nobody: ztunnel sees IPv4 addresses as IPv4, never as mapped IPv6.',
    ])
  })
})

it.each([
  [
    'a waypoint judges',
    bad.replace(
      /selector:\n {4}matchLabels:\n {6}app: api\n {2}action/,
      'targetRefs: [{kind: Service, group: "", name: api}]\n  action',
    ),
  ],
  ['no workload is captured', bad.replace('dataplane-mode: ambient', 'dataplane-mode: none')],
  [
    'the policy is a dry run',
    bad.replace(
      'name: deny-office\n',
      'name: deny-office\n  annotations: {istio.io/dry-run: "true"}\n',
    ),
  ],
  ['the address is that of a header', bad.replace('ipBlocks', 'remoteIpBlocks')],
])('is silent where %s', (_, text) => {
  expect(said(text)).toEqual([])
})

it('is fixed by writing the block as IPv4, safely where more is refused by it', () => {
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
  expect(safe(bad.replace('DENY', 'ALLOW'))).toEqual([false])
  expect(safe(bad.replace('ipBlocks', 'notIpBlocks'))).toEqual([false])
  expect(safe(withBlock('127.0.0.1'))).toEqual([])
})
