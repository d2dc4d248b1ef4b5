import { isWaypointClass } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { isUnnamed } from '../../resources/namespaceId.js'
import type { RequestAuthentication } from '../../resources/requestAuthentication.js'
import type { PolicyTargetReference } from '../../resources/targetRef.js'
import type { Fix } from '../fix.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { targetWaypoint } from '../fixes/targetWaypoint.js'
import { defineRule } from '../rule.js'
import { firstThatFits } from '../support/words.js'
import { isClassReference } from '../support/waypointAttachments.js'
import { namesOwnAccounts } from '../support/ownAccounts.js'

export const gatewayClassOutsideRoot = defineRule({
  name: 'gateway-class-outside-root',
  level: 'error',
  subjects: ['AuthorizationPolicy', 'RequestAuthentication'],
  reads: ['AuthorizationPolicy', 'Gateway', 'MeshConfig'],
  check(policy, { mesh, report }) {
    const { rootNamespace, rootNamespaceKnown } = mesh.settings
    if (policy.namespace === rootNamespace || isUnnamed(policy.namespace) || !rootNamespaceKnown)
      return
    for (const ref of policy.targetRefs.filter(isClassReference)) {
      report({
        message: firstThatFits(
          'This policy is not enforced: ' +
            `only policies in the root namespace "${rootNamespace}" can target a GatewayClass.`,
          'This policy is not enforced: only policies in the root namespace can target a GatewayClass.',
        ),
        path: [...ref.path, 'kind'],
        fixes: () =>
          rankFixes(ownWaypoint(mesh, policy, ref), moveToRoot(mesh, policy, rootNamespace)),
      })
    }
  },
})

type Policy = AuthorizationPolicy | RequestAuthentication

/** Targets the waypoint of the policy's namespace, if there is exactly one. */
function ownWaypoint(mesh: Mesh, policy: Policy, ref: PolicyTargetReference): Fix | undefined {
  const [only, ...others] = mesh
    .inNamespace('Gateway', policy.namespace)
    .filter(({ gatewayClassName }) => isWaypointClass(gatewayClassName))
  return only && others.length === 0 ? targetWaypoint(policy, ref, only) : undefined
}

/**
 * Undefined if the policy would have another effect there, because of other targets or service
 * accounts without a namespace.
 */
function moveToRoot(mesh: Mesh, policy: Policy, rootNamespace: string): Fix | undefined {
  if (
    !policy.targetRefs.every(isClassReference) ||
    (policy.type === 'AuthorizationPolicy' && namesOwnAccounts(policy))
  )
    return undefined
  if (mesh.named(policy.type, rootNamespace, policy.name)) return undefined
  return {
    title: `Move the policy to namespace "${rootNamespace}"`,
    activates: 'policy',
    preferred: true,
    safe: false,
    edits: [{ op: 'set', resource: policy, path: ['metadata', 'namespace'], value: rootNamespace }],
  }
}
