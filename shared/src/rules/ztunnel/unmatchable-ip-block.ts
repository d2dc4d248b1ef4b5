import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { canonicalAddress, contains, formatCidr, parseCidr, type Cidr } from '../../text/ip.js'
import { ATTRIBUTE_NAMES } from '../../vocabulary/attributes.js'
import { isAddressAtZtunnel } from '../../ztunnel/attributes.js'
import { conversionOf } from '../../ztunnel/enforcement.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { setValue } from '../fixes/setValue.js'
import { defineRule } from '../rule.js'
import { coverageOf } from '../support/coverage.js'
import { isActionFilledIn } from '../support/filledIn.js'
import { firstThatFits, quoted } from '../support/words.js'
import { attributesOf } from '../support/ruleAttributes.js'
import {
  consequenceOfNoMatch,
  onlyDeniesMore,
  writtenValues,
  type WrittenValue,
} from '../support/writtenValues.js'

export const unmatchableIpBlock = defineRule({
  name: 'unmatchable-ip-block',
  level: 'error',
  subjects: ['AuthorizationPolicy'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'Gateway.networking.istio.io',
    'MeshConfig',
    'Namespace',
    'Other',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    const attributes = mesh.perQuery(attributesOf, policy)
    const faulty = writtenValues(attributes, ADDRESSES).flatMap((written) => {
      const block = parseCidr(written.value)
      const reason = block && reasonOf(block)
      return block === undefined || reason === undefined ? [] : [{ written, block, reason }]
    })
    const { authorization } = mesh.get(conversionOf, policy)
    if (faulty.length === 0 || !authorization || authorization.dryRun || isActionFilledIn(policy))
      return
    const coverage = mesh.get(coverageOf, policy)
    if (!coverage) return
    for (const { written, block, reason } of faulty) {
      report({
        message: messageOf(policy, written, reason),
        path: written.path,
        certainties: [coverage.certainty],
        related: coverage.evidence,
        fixes: () =>
          rankFixes(
            isMapped(block)
              ? setValue(
                  { resource: policy, path: written.path, value: asIPv4(block) },
                  onlyDeniesMore(policy, written),
                )
              : undefined,
          ),
      })
    }
  },
})

const ADDRESSES = ATTRIBUTE_NAMES.filter(isAddressAtZtunnel)

const blocks = (...texts: readonly string[]): Cidr[] =>
  texts.flatMap((text) => parseCidr(text) ?? [])
const LOOPBACK = blocks('127.0.0.0/8', '::1')
const NO_ADDRESS = blocks('0.0.0.0', '::', '224.0.0.0/4', 'ff00::/8')

/** Why no connection has an address of a block; undefined if one can have it. */
function reasonOf(block: Cidr): string | undefined {
  const inside = (outer: Cidr): boolean => block.length >= outer.length && contains(outer, block)
  if (isMapped(block)) return 'ztunnel compares IPv4 addresses as IPv4, never as mapped IPv6.'
  if (LOOPBACK.some(inside)) return 'loopback traffic does not reach ztunnel.'
  return NO_ADDRESS.some(inside) ? 'no TCP connection has such an address.' : undefined
}

function isMapped({ version, address, length }: Cidr): boolean {
  return version === 6 && length >= 96 && address >> 32n === 0xffffn
}

function asIPv4(block: Cidr): string {
  const { address } = canonicalAddress(block)
  const text = formatCidr({ version: 4, address, length: block.length - 96 })
  return text.endsWith('/32') ? text.slice(0, -'/32'.length) : text
}

function messageOf(policy: AuthorizationPolicy, written: WrittenValue, reason: string): string {
  return firstThatFits(
    `IP block ${quoted(written.value, 48)} ${consequenceOfNoMatch(policy, written)}: ${reason}`,
    `This IP block ${consequenceOfNoMatch(policy, written)}: ${reason}`,
  )
}
