import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { RequestAuthentication } from '../../resources/requestAuthentication.js'
import type { FieldPath } from '../../yaml/node.js'
import type { Fix } from '../fix.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { defineRule } from '../rule.js'
import { movePolicy } from '../fixes/movePolicy.js'

const NAME = 'target-namespace-set'

export const targetNamespaceSet = defineRule({
  name: NAME,
  level: 'error',
  subjects: ['AuthorizationPolicy', 'RequestAuthentication'],
  reads: ['AuthorizationPolicy'],
  checksRejected: true,
  check(policy, { mesh, report }) {
    const problems = policy.problems.filter(({ rule }) => rule === NAME)
    for (const { path } of problems) {
      report({
        message: `The API server rejects this ${policy.type}: a targetRef cannot have a namespace.`,
        path,
        fixes: () =>
          rankFixes(
            removeNamespace(policy, path),
            problems.length === 1 ? moveToTarget(mesh, policy, path) : undefined,
          ),
      })
    }
  },
})

type Policy = AuthorizationPolicy | RequestAuthentication

/** Removes the field if it is the policy's own namespace or has no meaning. */
function removeNamespace(policy: Policy, path: FieldPath): Fix | undefined {
  const ref = targetAt(policy, path)
  if (!ref || (ref.namespace !== policy.namespace && ref.kind !== 'GatewayClass')) return undefined
  return {
    title: 'Remove the namespace',
    preferred: true,
    safe: false,
    edits: [{ op: 'remove', resource: policy, path }],
  }
}

/** Moves a policy with one target to the namespace of the target. */
function moveToTarget(mesh: Mesh, policy: Policy, path: FieldPath): Fix | undefined {
  const ref = targetAt(policy, path)
  if (!ref?.namespace || ref.namespace === policy.namespace || ref.kind === 'GatewayClass')
    return undefined
  return movePolicy(mesh, policy, {
    to: ref.namespace,
    alongWith: [{ op: 'remove', resource: policy, path }],
  })
}

/** The reference whose `namespace` field has this path. */
function targetAt({ targetRefs }: Policy, path: FieldPath) {
  return targetRefs.find((ref) => [...ref.path, 'namespace'].join('/') === path.join('/'))
}
