import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import { canonicalAddress, contains, formatCidr, parseCidr, type Cidr } from '../text/ip.js'
import { conversionOf } from '../ztunnel/enforcement.js'
import { choices } from './fixes/choices.js'
import { setValue } from './fixes/didYouMean.js'
import { defineRule } from './rule.js'
import { coverageOf } from './support/coverage.js'
import { AMBIENT_SHOP } from './support/examples.js'
import { isUndecided } from './support/filledIn.js'
import { fitting, quoted } from './support/words.js'
import { attributesOf } from './support/ruleAttributes.js'
import { futility, refusesMore, writtenValues, type WrittenValue } from './support/writtenValues.js'

export const unmatchableIpBlock = defineRule({
  name: 'unmatchable-ip-block',
  level: 'error',
  subjects: ['AuthorizationPolicy'],
  reads: ['AuthorizationPolicy', 'Gateway', 'Gateway.networking.istio.io', 'MeshConfig', 'Namespace', 'Other', 'Workload', 'opaque'],
  docs: {
    summary: 'An address block of a ztunnel policy can match no connection.',
    why: `The API server accepts every block that Go can parse, but some never match:

- **IPv4-mapped IPv6** (\`::ffff:10.0.0.0/104\`): ztunnel turns the addresses of IPv4 connections into plain IPv4, and an IPv4 address is in no IPv6 block;
- **loopback** (\`127.0.0.0/8\`, \`::1\`): such traffic stays in the pod and never reaches ztunnel;
- the **unspecified** address and **multicast**: no TCP connection has them.

In an ALLOW such a block admits nobody, in a DENY it stops nobody.`,
    bad: `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: deny-office
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: DENY
  rules:
    - from:
        - source:
            ipBlocks: ["::ffff:10.1.0.0/112"]
`,
    good: `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: deny-office
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: DENY
  rules:
    - from:
        - source:
            ipBlocks: ["10.1.0.0/16"]
`,
    fix: 'Write the block as IPv4.',
    references: ['istio/ztunnel src/socket.rs:46-50', 'istio/ztunnel src/rbac.rs (matches)', 'istio/istio pilot/pkg/serviceregistry/ambient/authorization.go (stringToIP)', 'istio/istio cni/pkg/iptables/iptables.go'],
  },
  check(policy, { mesh, report }) {
    const faulty = writtenValues(mesh.briefly(attributesOf, policy), ['ipBlocks', 'notIpBlocks', 'source.ip', 'destination.ip']).flatMap((written) => {
      const block = parseCidr(written.value)
      const reason = block && reasonOf(block)
      return block === undefined || reason === undefined ? [] : [{ written, block, reason }]
    })
    const { authorization } = mesh.get(conversionOf, policy)
    if (faulty.length === 0 || !authorization || authorization.dryRun || isUndecided(policy)) return
    const coverage = mesh.get(coverageOf, policy)
    if (!coverage) return
    for (const { written, block, reason } of faulty) {
      report({
        message: messageOf(policy, written, reason),
        path: written.path,
        certainties: [coverage.certainty],
        related: coverage.evidence,
        fixes: () => choices(isMapped(block) ? setValue({ resource: policy, path: written.path, value: asIPv4(block) }, refusesMore(policy, written)) : undefined),
      })
    }
  },
})

const blocks = (...texts: readonly string[]): Cidr[] => texts.flatMap((text) => parseCidr(text) ?? [])
const LOOPBACK = blocks('127.0.0.0/8', '::1')
const NO_ADDRESS = blocks('0.0.0.0', '::', '224.0.0.0/4', 'ff00::/8')

/** Why no connection comes from, or goes to, any address of a block. */
function reasonOf(block: Cidr): string | undefined {
  const inside = (outer: Cidr): boolean => block.length >= outer.length && contains(outer, block)
  if (isMapped(block)) return 'ztunnel sees IPv4 addresses as IPv4, never as mapped IPv6.'
  if (LOOPBACK.some(inside)) return 'loopback traffic does not pass ztunnel.'
  return NO_ADDRESS.some(inside) ? 'no connection has such an address.' : undefined
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
  return fitting(`Block ${quoted(written.value, 48)} ${futility(policy, written)}: ${reason}`, `This block ${futility(policy, written)}: ${reason}`)
}
