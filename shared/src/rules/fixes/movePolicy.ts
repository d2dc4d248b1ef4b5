import { keys } from '../../inventory/indexKeys.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { RequestAuthentication } from '../../resources/requestAuthentication.js'
import { namesOwnAccounts } from '../support/ownAccounts.js'
import type { Edit, Fix } from '../fix.js'

/**
 * Moves a policy with one target to the namespace of that target. Undefined where another policy has
 * its name there, and where it names service accounts without their namespace.
 */
export function movePolicy(
  mesh: Mesh,
  policy: AuthorizationPolicy | RequestAuthentication,
  { to, alongWith = [] }: { readonly to: string; readonly alongWith?: readonly Edit[] },
): Fix | undefined {
  if (
    policy.targetRefs.length > 1 ||
    mesh.written(policy.type, keys.named(policy.type, to, policy.name)).length > 0 ||
    (policy.type === 'AuthorizationPolicy' && namesOwnAccounts(policy))
  )
    return undefined
  return {
    title: `Move the policy to namespace "${to}"`,
    activates: 'policy',
    preferred: true,
    safe: false,
    edits: [
      ...alongWith,
      { op: 'set', resource: policy, path: ['metadata', 'namespace'], value: to },
    ],
  }
}
