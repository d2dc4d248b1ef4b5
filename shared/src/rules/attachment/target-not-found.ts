import { assumed, CERTAIN, type Certainty } from '../../mesh/certainty.js'
import { nearMiss } from '../../mesh/nearMiss.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { RequestAuthentication } from '../../resources/requestAuthentication.js'
import type { PolicyTargetReference } from '../../resources/targetRef.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { rankFixes, createWaypoint } from '../fixes/index.js'
import { setValue } from '../fixes/didYouMean.js'
import { defineRule } from '../rule.js'
import { firstThatFits, quoted } from '../support/words.js'
import { inNamespace } from '../support/resourceNames.js'
import { lookUp, type Target } from './targets.js'

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
      if (
        ref.name === '' ||
        isPlaceholder(ref.name) ||
        (ref.namespace ?? policy.namespace) !== policy.namespace
      )
        continue
      const target = lookUp(mesh, policy.namespace, ref)
      if (!target || target.exists) continue
      const meant = nearMiss(ref.name, target.names)
      const certainty = certaintyOf(target, ref, meant)
      if (!certainty) continue
      const where = target.kind === 'GatewayClass' ? '' : ` ${inNamespace(policy.namespace)}`
      report({
        message: firstThatFits(
          `${target.kind} "${ref.name}" does not exist${where}: this policy is not enforced for it.`,
          `${target.kind} ${quoted(ref.name)} does not exist: this policy is not enforced for it.`,
        ),
        path: [...ref.path, 'name'],
        certainties: [certainty],
        related:
          meant === undefined
            ? []
            : mesh
                .at(
                  target.kind,
                  `${target.kind}|${target.kind === 'GatewayClass' ? '' : policy.namespace}|${meant}`,
                )
                .map((resource) => ({
                  resource,
                  path: ['metadata', 'name'],
                  message: `This ${target.kind} is called "${meant}".`,
                })),
        fixes: () => fixesFor({ mesh, policy, ref, meant }),
      })
    }
  },
})

/** Undefined where the object may exist outside the files. Gateways and classes are known by a near miss too (they are few). */
function certaintyOf(
  { kind, described }: Target,
  { name }: PolicyTargetReference,
  meant: string | undefined,
): Certainty | undefined {
  if (described) return CERTAIN
  if (meant === undefined || kind === 'Service' || kind === 'ServiceEntry') return undefined
  return assumed(`"${name}" is a mistyped "${meant}" and no ${kind} outside these files`)
}

interface Missing {
  readonly mesh: Mesh
  readonly policy: AuthorizationPolicy | RequestAuthentication
  readonly ref: PolicyTargetReference
  readonly meant: string | undefined
}

function fixesFor({ mesh, policy, ref, meant }: Missing) {
  return rankFixes(
    meant === undefined
      ? undefined
      : setValue({ resource: policy, path: [...ref.path, 'name'], value: meant }),
    ref.kind === 'Gateway' ? createWaypoint(mesh, policy.namespace, ref.name) : undefined,
  )
}
