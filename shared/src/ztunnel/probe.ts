import type { Identity } from '../vocabulary/principal.js'
import { isAddressAtZtunnel, L4_ATTRIBUTES } from './attributes.js'
import { isEmptyMatch, MATCH_FIELDS, type Authorization, type Match } from './authorization.js'
import { decide } from './rbac.js'

/** What ztunnel does with a connection of unknown addresses: `unknown` where an address decides. */
export type ProbeVerdict = 'allow' | 'deny' | 'unknown'

/** The client and the destination of a connection. Without an identity it is plaintext. */
interface Probe {
  readonly identity: Identity | undefined
  /** Container port. */
  readonly port: number
}

/** Matches every connection: no client connects to port 0. */
const ALWAYS: Match = { notDestinationPorts: [0] }
/** Matches no connection: an empty match never matches (docs/semantics.md §5.2). */
const NEVER: Match = {}

/**
 * ztunnel's decision (`rbac.ts`) about a connection of unknown addresses, such as that of a waypoint's
 * pod. It is made twice: every test of an address is in favour of the client, then against it. Where
 * both decisions are equal, no address matters.
 */
export function probe(policies: readonly Authorization[], { identity, port }: Probe): ProbeVerdict {
  const connection = {
    identity,
    destinationPort: port,
    sourceIp: undefined,
    destinationIp: undefined,
  }
  const verdictWhere = (favourable: boolean) =>
    decide(
      policies.map((policy) => withAddressesAs(policy, (policy.action === 'Allow') === favourable)),
      connection,
    ).verdict
  if (!policies.some(namesAddress)) return decide(policies, connection).verdict
  const best = verdictWhere(true)
  return best === verdictWhere(false) ? best : 'unknown'
}

function withAddressesAs(policy: Authorization, matched: boolean): Authorization {
  if (!namesAddress(policy)) return policy
  return {
    ...policy,
    rules: policy.rules.map((rule) =>
      rule.map((clause) => clause.map((match) => assume(match, matched))),
    ),
  }
}

function namesAddress({ rules }: Authorization): boolean {
  return rules.some((rule) => rule.some((clause) => clause.some(testsAddress)))
}

function assume(match: Match, matched: boolean): Match {
  if (!testsAddress(match)) return match
  if (!matched) return NEVER
  const rest: Match = Object.fromEntries(
    Object.entries(match).filter(([field]) => !ADDRESS_FIELDS.some((name) => name === field)),
  )
  return isEmptyMatch(rest) ? ALWAYS : rest
}

const ADDRESS_FIELDS = L4_ATTRIBUTES.filter(isAddressAtZtunnel).flatMap(
  (attribute) => MATCH_FIELDS[attribute],
)

function testsAddress(match: Match): boolean {
  return ADDRESS_FIELDS.some((field) => (match[field]?.length ?? 0) > 0)
}
