import type { L4Attribute } from '../../vocabulary/attributes.js'
import { formatServiceAccount } from '../../vocabulary/serviceAccountName.js'
import {
  isEmptyMatch,
  type AuthorizationRule,
  type Match,
  type StringMatch,
} from '../../ztunnel/authorization.js'
import { listed } from '../support/words.js'

/**
 * The connections that a rule matches at ztunnel, as text: `every connection to port 80 from
 * namespace dev`.
 */
export function describeRule(rule: AuthorizationRule): string {
  const clauses = rule.flatMap((clause) => {
    const matches = clause.filter((match) => !isEmptyMatch(match)).map(describeMatch)
    return matches.length > 0 ? [listed(matches, 'or')] : []
  })
  return ['every connection', ...clauses].join(' ')
}

function describeMatch(match: Match): string {
  return Object.values(WORDS)
    .flatMap((wordsOf) => wordsOf(match))
    .join(' ')
}

/** The words for each attribute of a match, in the order of the sentence. */
const WORDS: Readonly<Record<L4Attribute, (match: Match) => string[]>> = {
  port: ({ destinationPorts, notDestinationPorts }) => [
    ...words('to port', destinationPorts?.map(String)),
    ...words('to a port other than', notDestinationPorts?.map(String)),
  ],
  destinationIp: ({ destinationIps, notDestinationIps }) => [
    ...words('to', destinationIps),
    ...words('to an address other than', notDestinationIps),
  ],
  namespace: ({ namespaces, notNamespaces }) => [
    ...words('from namespace', namespaces?.map(pattern)),
    ...words('from a namespace other than', notNamespaces?.map(pattern)),
  ],
  serviceAccount: ({ serviceAccounts, notServiceAccounts }) => [
    ...words('from', serviceAccounts?.map(formatServiceAccount)),
    ...words('from a service account other than', notServiceAccounts?.map(formatServiceAccount)),
  ],
  principal: ({ principals, notPrincipals }) => [
    ...words('from', principals?.map(pattern)),
    ...words('from a principal other than', notPrincipals?.map(pattern)),
  ],
  sourceIp: ({ sourceIps, notSourceIps }) => [
    ...words('from', sourceIps),
    ...words('from an address other than', notSourceIps),
  ],
}

function words(before: string, values: readonly string[] | undefined): string[] {
  return values && values.length > 0 ? [`${before} ${listed(values, 'or')}`] : []
}

/** The pattern as it is written in a policy. */
function pattern(match: StringMatch): string {
  if ('Exact' in match) return match.Exact
  if ('Prefix' in match) return `${match.Prefix}*`
  return 'Suffix' in match ? `*${match.Suffix}` : '*'
}
