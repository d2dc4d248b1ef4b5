import type { Workload } from '../inventory/workloads.js'
import type { Mesh } from '../mesh/mesh.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import { qualifiedName } from '../resources/resource.js'
import {
  conversionOf,
  policiesAtZtunnel,
  possiblePoliciesAtZtunnel,
  type ZtunnelPolicy,
} from '../ztunnel/enforcement.js'
import { getOrInsert } from '../text/collections.js'
import { canonicalAddress, parseAddress, parseCidr, type Cidr } from '../text/ip.js'
import type { Authorization } from '../ztunnel/authorization.js'
import { decide, matchesRule, type Connection, type Decision } from '../ztunnel/rbac.js'
import { formatPrincipal, type Identity } from '../vocabulary/principal.js'
import type { Hop } from './request.js'

/** A connection as the destination's ztunnel sees it. */
export interface Arrival {
  readonly workload: Workload
  readonly port: number
  readonly identity: Identity | undefined
  /** Undefined where the request does not specify it, and for a waypoint. */
  readonly sourceIp: string | undefined
  /** The address of the pod. Requests do not specify it, logs of ztunnel do. */
  readonly destinationIp?: string | undefined
}

/**
 * The hop at the destination's ztunnel (docs/semantics.md §5). An unknown address makes it `undecided` only if the
 * verdict depends on the address.
 */
export function evaluateAtZtunnel(mesh: Mesh, arrival: Arrival): Hop {
  const { verdict, reason, policy, rule, place, evidence } = decidedBy(mesh, arrival)
  return {
    point: 'ztunnel',
    name: qualifiedName(arrival.workload),
    identity: arrival.identity ? formatPrincipal(arrival.identity) : null,
    port: arrival.port,
    verdict,
    reason,
    policy,
    rule,
    place,
    evidence,
  }
}

function decidedBy(mesh: Mesh, arrival: Arrival): Decided {
  const possible = mesh
    .get(possiblePoliciesAtZtunnel, arrival.workload)
    .map((policies) => decidedByPolicies(mesh, arrival, policies))
  const [first = DEPENDS_ON_ADDRESS] = possible
  return possible.every(({ verdict }) => verdict === first.verdict) ? first : DEPENDS_ON_AGE
}

function decidedByPolicies(
  mesh: Mesh,
  arrival: Arrival,
  policies: readonly ZtunnelPolicy[],
): Decided {
  const decisions = connectionsOf(arrival, policies).map((connection) => ({
    connection,
    decision: decide(
      policies.map(({ authorization }) => authorization),
      connection,
    ),
  }))
  const [first] = decisions
  return first && decisions.every(({ decision }) => decision.verdict === first.decision.verdict)
    ? decisionOf(mesh, first.decision, { policies, connection: first.connection })
    : DEPENDS_ON_ADDRESS
}

type Decided = Pick<Hop, 'verdict' | 'reason' | 'policy' | 'rule' | 'place' | 'evidence'>

/** Of several PeerAuthentications at one level the oldest counts. */
export const OLDEST_IS_UNKNOWN =
  'depends on which PeerAuthentication is the oldest, and no file shows it'

const DEPENDS_ON_ADDRESS = undecided('depends on an address that the request does not specify')
const DEPENDS_ON_AGE = undecided(OLDEST_IS_UNKNOWN)

function undecided(reason: string): Decided {
  return {
    verdict: 'undecided',
    reason,
    policy: null,
    rule: null,
    place: undefined,
    evidence: [],
  }
}

function decisionOf(
  mesh: Mesh,
  decision: Decision,
  { policies, connection }: { policies: readonly ZtunnelPolicy[]; connection: Connection },
): Decided {
  const { verdict } = decision
  if (!('policy' in decision)) {
    const allowing = policies
      .filter(({ authorization }) => authorization.action === 'Allow' && !authorization.dryRun)
      .map(({ authorization }) => qualifiedName(authorization))
    return {
      verdict,
      reason: decision.reason,
      policy: null,
      rule: null,
      place: undefined,
      evidence: verdict === 'deny' ? allowing : [],
    }
  }
  const name = qualifiedName(decision.policy)
  const reason = decision.verdict === 'deny' ? `${decision.reason}: ${name}` : decision.reason
  const policy = policies.find(({ authorization }) => authorization === decision.policy)?.policy
  const rule = policy && ruleIndex(mesh, policy, connection)
  const place =
    policy && rule !== undefined ? { resource: policy, path: ['spec', 'rules', rule] } : undefined
  return { verdict, reason, policy: name, rule: rule ?? null, place, evidence: [] }
}

/**
 * The index in `spec.rules` of the rule of one policy (`namespace/name`) that matches a connection. Undefined if the
 * policy does not apply to the workload, or none of its rules matches.
 */
export function matchingRuleAtZtunnel(
  mesh: Mesh,
  name: string,
  arrival: Arrival,
): number | undefined {
  const policies = mesh.get(policiesAtZtunnel, arrival.workload)
  const named = policies.flatMap(({ policy }) =>
    policy && qualifiedName(policy) === name ? [policy] : [],
  )
  return connectionsOf(arrival, policies)
    .flatMap((connection) => named.map((policy) => ruleIndex(mesh, policy, connection)))
    .find((rule) => rule !== undefined)
}

/** The index in `spec.rules` of the rule that matched. */
function ruleIndex(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  connection: Connection,
): number | undefined {
  return mesh
    .get(conversionOf, policy)
    .rules.find(({ rule }) => rule && matchesRule(rule, connection))?.index
}

/** One connection; for an unknown address one for each class of addresses that the policies distinguish. */
function connectionsOf(arrival: Arrival, policies: readonly ZtunnelPolicy[]): Connection[] {
  const blocks = policies.map(({ authorization }) => blocksOf(authorization))
  const sources = addressesOf(
    arrival.sourceIp,
    blocks.flatMap(({ source }) => source),
  )
  const destinations = addressesOf(
    arrival.destinationIp,
    blocks.flatMap(({ destination }) => destination),
  )
  return sources.flatMap((sourceIp) =>
    destinations.map((destinationIp) => ({
      sourceIp,
      destinationIp,
      destinationPort: arrival.port,
      identity: arrival.identity,
    })),
  )
}

/** The blocks that the rules of a policy name. */
interface Blocks {
  readonly source: readonly string[]
  readonly destination: readonly string[]
}

const BLOCKS = new WeakMap<Authorization, Blocks>()

function blocksOf(authorization: Authorization): Blocks {
  return getOrInsert(BLOCKS, authorization, () => {
    const matches = authorization.rules.flat(2)
    return {
      source: matches.flatMap(({ sourceIps = [], notSourceIps = [] }) => [
        ...sourceIps,
        ...notSourceIps,
      ]),
      destination: matches.flatMap(({ destinationIps = [], notDestinationIps = [] }) => [
        ...destinationIps,
        ...notDestinationIps,
      ]),
    }
  })
}

/**
 * The known address, else the ends of every block: between two ends all addresses match the same blocks. Without
 * blocks no address is compared.
 */
function addressesOf(known: string | undefined, blocks: readonly string[]): (Cidr | undefined)[] {
  if (blocks.length === 0) return [undefined]
  if (known !== undefined) {
    const address = parseAddress(known)
    return [address && canonicalAddress(address)]
  }
  const ends = blocks.flatMap((block) => {
    const cidr = parseCidr(block)
    return cidr ? endsOf(cidr) : []
  })
  return [{ version: 4, address: 1n, length: 32 }, ...ends]
}

/** The first address of a block and the first address after it, as sockets report them. */
function endsOf({ version, address, length }: Cidr): Cidr[] {
  const bits = version === 4 ? 32 : 128
  const size = 1n << BigInt(bits - length)
  const first = (address / size) * size
  const behind = first + size
  return [first, ...(behind < 1n << BigInt(bits) ? [behind] : [])].map((value) =>
    canonicalAddress({ version, address: value, length: bits }),
  )
}
