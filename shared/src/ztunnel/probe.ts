import { isEmptyMatch, type Authorization, type Match } from './authorization.js'
import { decide, type Identity } from './rbac.js'

/** What ztunnel would do with a connection whose addresses nobody knows; `unknown` where an address would decide. */
export type ProbeVerdict = 'allow' | 'deny' | 'unknown'

/** Who connects, and where to. Without an identity the connection is plaintext. */
interface Probe {
  readonly identity: Identity | undefined
  /** Container port. */
  readonly port: number
}

/** Holds for every connection: nobody connects to port 0. */
const ALWAYS: Match = { notDestinationPorts: [0] }
/** An empty match is never satisfied (docs/semantics.md §5.2). */
const NEVER: Match = {}

/**
 * ztunnel's own decision (`rbac.ts`) about a connection of unknown addresses, as that of a waypoint's pod: taken once with every test of an address for
 * the client and once against it. The two agree where no address matters.
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
  const rest: Match = {
    ...match,
    sourceIps: [],
    notSourceIps: [],
    destinationIps: [],
    notDestinationIps: [],
  }
  return isEmptyMatch(rest) ? ALWAYS : rest
}

function testsAddress({
  sourceIps,
  notSourceIps,
  destinationIps,
  notDestinationIps,
}: Match): boolean {
  return (
    isSome(sourceIps) || isSome(notSourceIps) || isSome(destinationIps) || isSome(notDestinationIps)
  )
}

function isSome(blocks: readonly string[] | undefined): boolean {
  return blocks !== undefined && blocks.length > 0
}
