import { query, type Mesh } from '../mesh/mesh.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import { qualifiedName } from '../resources/resource.js'
import { conversionOf } from '../ztunnel/enforcement.js'
import type { Conversion } from '../ztunnel/convertAuthorizationPolicy.js'
import type { Condition } from './condition.js'
import { supports } from '../vocabulary/releases.js'

const OMITTED =
  'Within an ALLOW policy, rules matching HTTP attributes are omitted. This will be more restrictive than requested.'
const ERASED =
  'DENY policy with HTTP attributes is enforced without the HTTP rules. This will be more restrictive than requested.'
const NO_EFFECT =
  'After omitting unsupported HTTP attributes, this DENY policy has no enforceable rules at ztunnel and will have no effect. Deploy a waypoint proxy and use a targetRef to enforce this policy.'

/** `ZtunnelAccepted` of a policy (docs/semantics.md §3.6, §4.6); undefined where istiod does not write it. */
export const ztunnelAccepted = query(
  'ZtunnelAccepted',
  (mesh, policy: AuthorizationPolicy): Condition | undefined => {
    const conversion = mesh.get(conversionOf, policy)
    switch (conversion.notSent) {
      case 'dry-run':
        if (!supports(mesh.settings, 'dryRunAtZtunnel')) return undefined
        return refused(
          `found policy "${qualifiedName(policy)}" using dry-run annotation, but support for ambient dry-run authorizationPolicies isn't enabled`,
        )
      case 'action':
        return refused(`ztunnel does not support the ${policy.action} action`)
      case 'targetRefs':
        return undefined
      case undefined:
        return accepted(mesh, policy, conversion)
    }
  },
)

function refused(message: string): Condition {
  return { type: 'ZtunnelAccepted', status: 'False', reason: 'UnsupportedValue', message }
}

function accepted(mesh: Mesh, policy: AuthorizationPolicy, conversion: Conversion): Condition {
  const names = [
    ...new Set(conversion.rules.flatMap(({ unsupported }) => unsupported.map(({ name }) => name))),
  ].sort()
  if (names.length === 0)
    return {
      type: 'ZtunnelAccepted',
      status: 'True',
      reason: 'Accepted',
      message: 'attached to ztunnel',
    }
  const found = `ztunnel does not support HTTP attributes (found: ${names.join(', ')}). In ambient mode you must use a waypoint proxy to enforce HTTP rules.`
  return {
    type: 'ZtunnelAccepted',
    status: 'True',
    reason: 'UnsupportedValue',
    message: `${found} ${tail(mesh, policy, conversion)}`,
  }
}

function tail(mesh: Mesh, policy: AuthorizationPolicy, conversion: Conversion): string {
  if (policy.action !== 'DENY') return OMITTED
  return conversion.rules.some(({ effective }) => effective) ||
    !supports(mesh.settings, 'statusOfIdleDeny')
    ? ERASED
    : NO_EFFECT
}
