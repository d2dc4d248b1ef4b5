import {
  isEmptyMatch,
  type AuthorizationRule,
  type Match,
  type StringMatch,
} from '../../ztunnel/authorization.js'
import { listed } from '../support/words.js'

/** The connections that a rule matches at ztunnel, in words: `every connection to port 80 from namespace dev`. */
export function describeRule(rule: AuthorizationRule): string {
  const clauses = rule.flatMap((clause) => {
    const matches = clause.filter((match) => !isEmptyMatch(match)).map(describeMatch)
    return matches.length > 0 ? [listed(matches, 'or')] : []
  })
  return ['every connection', ...clauses].join(' ')
}

function describeMatch(match: Match): string {
  return [
    ...words('to port', match.destinationPorts?.map(String)),
    ...words('to a port other than', match.notDestinationPorts?.map(String)),
    ...words('to', match.destinationIps),
    ...words('to an address other than', match.notDestinationIps),
    ...words('from namespace', match.namespaces?.map(pattern)),
    ...words('from a namespace other than', match.notNamespaces?.map(pattern)),
    ...words(
      'from',
      match.serviceAccounts?.map(
        ({ namespace, serviceAccount }) => `${namespace}/${serviceAccount}`,
      ),
    ),
    ...words(
      'from an account other than',
      match.notServiceAccounts?.map(
        ({ namespace, serviceAccount }) => `${namespace}/${serviceAccount}`,
      ),
    ),
    ...words('from', match.principals?.map(pattern)),
    ...words('from a principal other than', match.notPrincipals?.map(pattern)),
    ...words('from', match.sourceIps),
    ...words('from an address other than', match.notSourceIps),
  ].join(' ')
}

function words(before: string, values: readonly string[] | undefined): string[] {
  return values && values.length > 0 ? [`${before} ${listed(values, 'or')}`] : []
}

/** As it is written in a policy. */
function pattern(match: StringMatch): string {
  if ('Exact' in match) return match.Exact
  if ('Prefix' in match) return `${match.Prefix}*`
  return 'Suffix' in match ? `*${match.Suffix}` : '*'
}
