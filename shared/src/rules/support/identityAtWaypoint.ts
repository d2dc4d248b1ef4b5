import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy, Rule, Source } from '../../resources/authorizationPolicy.js'
import type { Identity } from '../../vocabulary/principal.js'
import { matchPolicy } from '../../waypoint/matchPolicy.js'
import { CLIENT_FIELDS, isClientKey } from './identityFields.js'

/**
 * Whether a policy can match some request of a client. Compares only the identity attributes of its
 * rules.
 */
export function mayMatch(mesh: Mesh, policy: AuthorizationPolicy, identity: Identity): boolean {
  return matchesIdentity(mesh, { ...policy, rules: policy.rules.map(identityOnly) }, identity)
}

/** Whether a policy whose rules compare only the identity matches a client. */
export function matchesIdentity(
  { settings: { trustDomain, trustDomainAliases } }: Mesh,
  policy: AuthorizationPolicy,
  identity: Identity,
): boolean {
  const connection = {
    identity,
    sourceIp: undefined,
    seesSourceIp: false,
    destinationIp: undefined,
    destinationPort: 0,
    http: undefined,
  }
  return (
    matchPolicy(policy, connection, {
      policyNamespace: policy.namespace,
      trust: { trustDomain, aliases: trustDomainAliases },
    }) !== undefined
  )
}

function identityOnly({ from, when }: Rule): Rule {
  return {
    from: from?.map((source): Source =>
      Object.fromEntries(
        CLIENT_FIELDS.flatMap(({ field }) => (source?.[field] ? [[field, source[field]]] : [])),
      ),
    ),
    to: undefined,
    when: when?.filter(({ key }) => isClientKey(key)),
  }
}
