import { assumed, CERTAIN, type KnownCertainty } from '../../mesh/certainty.js'
import { nearMiss } from '../../mesh/nearMiss.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { RequestAuthentication } from '../../resources/requestAuthentication.js'
import type { PolicyTargetReference } from '../../resources/targetRef.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { createWaypoint } from '../fixes/createWaypoint.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { setValue } from '../fixes/setValue.js'
import { defineRule } from '../rule.js'
import { firstThatFits, quoted } from '../support/words.js'
import { inNamespace } from '../support/resourceNames.js'
import { keys } from '../../inventory/indexKeys.js'
import { targetKind, type TargetKind } from '../../vocabulary/kinds.js'
import { namesOtherNamespace, resolveTarget } from '../../waypoint/attachment.js'
import { showsAllTargets, targetNames } from '../../waypoint/targetNames.js'

export const targetNotFound = defineRule({
  name: 'target-not-found',
  level: 'error',
  subjects: ['AuthorizationPolicy', 'RequestAuthentication'],
  reads: [
    'Gateway',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'Other',
    'Service',
    'ServiceEntry',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    for (const ref of policy.targetRefs) {
      if (ref.name === '' || isPlaceholder(ref.name) || namesOtherNamespace(policy, ref)) continue
      const kind = targetKind(ref.group, ref.kind)
      const target = resolveTarget(mesh, policy, ref)
      if (kind === undefined || target.kind !== 'none' || target.reason !== 'not found') continue
      const similar = nearMiss(ref.name, targetNames(mesh, policy.namespace, kind))
      const certainty = showsAllTargets(mesh, policy.namespace, kind)
        ? CERTAIN
        : certaintyOf(kind, ref, similar)
      if (!certainty) continue
      const where = kind === 'GatewayClass' ? '' : ` ${inNamespace(policy.namespace)}`
      report({
        message: firstThatFits(
          `This policy is not enforced for ${kind} "${ref.name}", which does not exist${where}.`,
          `This policy is not enforced for ${kind} ${quoted(ref.name)}, which does not exist.`,
        ),
        path: [...ref.path, 'name'],
        certainties: [certainty],
        related:
          similar === undefined
            ? []
            : mesh
                .at(
                  kind,
                  keys.named(kind, kind === 'GatewayClass' ? '' : policy.namespace, similar),
                )
                .map((resource) => ({
                  resource,
                  path: ['metadata', 'name'],
                  message: `${kind} "${similar}" is defined here.`,
                })),
        fixes: () => fixesFor({ mesh, policy, ref, similar }),
      })
    }
  },
})

/**
 * Undefined if the object may exist outside the files. A Gateway or class with nearly the same name
 * counts as a typing mistake.
 */
function certaintyOf(
  kind: TargetKind,
  { name }: PolicyTargetReference,
  similar: string | undefined,
): KnownCertainty | undefined {
  if (similar === undefined || kind === 'Service' || kind === 'ServiceEntry') return undefined
  return assumed(
    `"${name}" is a typing mistake for "${similar}", not a ${kind} outside these files`,
  )
}

interface Missing {
  readonly mesh: Mesh
  readonly policy: AuthorizationPolicy | RequestAuthentication
  readonly ref: PolicyTargetReference
  readonly similar: string | undefined
}

function fixesFor({ mesh, policy, ref, similar }: Missing) {
  return rankFixes(
    similar === undefined
      ? undefined
      : setValue({ resource: policy, path: [...ref.path, 'name'], value: similar }),
    ref.kind === 'Gateway' ? createWaypoint(mesh, policy.namespace, ref.name) : undefined,
  )
}
