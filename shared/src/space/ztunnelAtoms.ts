import { canonicalAddress, contains, parseAddress, parseCidr } from '../text/ip.js'
import { formatPrincipal } from '../vocabulary/principal.js'
import { formatServiceAccount } from '../vocabulary/serviceAccountName.js'
import type { Authorization, Match, StringMatch } from '../ztunnel/authorization.js'
import { matchesString } from '../ztunnel/rbac.js'
import type { Atom } from './atom.js'

/** The tests of a policy at ztunnel that a client can influence. */
export function ztunnelAtoms({ rules }: Authorization): Atom[] {
  return rules
    .flat(2)
    .flatMap((match) => [
      ...principals(match),
      ...namespaces(match),
      ...accounts(match),
      ...blocks(match),
    ])
}

function principals(match: Match): Atom[] {
  return [...(match.principals ?? []), ...(match.notPrincipals ?? [])].map((wanted) => {
    const value = written(wanted)
    return {
      id: `ztunnel principal ${value}`,
      dimension: 'client',
      constant: { type: 'principal', value },
      test: ({ identity }) =>
        identity !== undefined && matchesString(wanted, formatPrincipal(identity)),
    }
  })
}

function namespaces(match: Match): Atom[] {
  return [...(match.namespaces ?? []), ...(match.notNamespaces ?? [])].map((wanted) => {
    const value = written(wanted)
    return {
      id: `ztunnel namespace ${value}`,
      dimension: 'client',
      constant: { type: 'namespace', value },
      test: ({ identity }) => matchesString(wanted, identity?.namespace ?? ''),
    }
  })
}

function accounts(match: Match): Atom[] {
  return [...(match.serviceAccounts ?? []), ...(match.notServiceAccounts ?? [])].map((wanted) => ({
    id: `ztunnel account ${formatServiceAccount(wanted)}`,
    dimension: 'client',
    constant: { type: 'account', ...wanted },
    test: ({ identity }) =>
      identity?.namespace === wanted.namespace && identity.serviceAccount === wanted.serviceAccount,
  }))
}

/** ztunnel reads an IPv4-mapped address as IPv4, Envoy does not. */
function blocks(match: Match): Atom[] {
  return [...(match.sourceIps ?? []), ...(match.notSourceIps ?? [])].map((block) => ({
    id: `ztunnel sourceIp ${block}`,
    dimension: 'address',
    constant: { type: 'block', block, isRemote: false },
    test: ({ sourceIp }) => {
      const cidr = parseCidr(block)
      const address = sourceIp === undefined ? undefined : parseAddress(sourceIp)
      if (!address) return sourceIp === undefined ? 'unknown' : false
      return cidr !== undefined && contains(cidr, canonicalAddress(address))
    },
  }))
}

/** A text of ztunnel as policies write it. */
function written(match: StringMatch): string {
  if ('Exact' in match) return match.Exact
  if ('Prefix' in match) return `${match.Prefix}*`
  return 'Suffix' in match ? `*${match.Suffix}` : '*'
}
