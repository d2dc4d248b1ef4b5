import { canTargetRoutes } from '../../mesh/discovery.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { RequestAuthentication } from '../../resources/requestAuthentication.js'
import type { PolicyTargetReference } from '../../resources/targetRef.js'
import type { Edit, Fix } from '../fix.js'
import { defineRule } from '../rule.js'
import { firstThatFits, quoted } from '../support/words.js'
import { KINDS, TARGET_KINDS } from '../../vocabulary/kinds.js'
import { resolveTarget } from '../../waypoint/attachment.js'
import { showsAllTargets } from '../../waypoint/targetNames.js'

const NAME = 'target-kind-not-supported'

const ROUTE_NEEDS_FLAG =
  'The API server rejects this policy: an HTTPRoute target needs Istio 1.32 with ENABLE_GATEWAY_API_HTTPROUTE_AUTH.'

export const targetKindNotSupported = defineRule({
  name: NAME,
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
  checksRejected: true,
  check(policy, { mesh, report }) {
    for (const problem of policy.problems.filter(({ rule }) => rule === NAME)) {
      if (problem.needs !== undefined) {
        if (canTargetRoutes(mesh)) continue
        report({ message: ROUTE_NEEDS_FLAG, path: problem.path })
        continue
      }
      const ref = policy.targetRefs.find(
        ({ path }) => [...path, 'kind'].join('/') === problem.path.join('/'),
      )
      const target =
        ref &&
        `${ref.kind} of ${ref.group === '' ? 'the core group' : `group ${quoted(ref.group, 40)}`}`
      report({
        message:
          target === undefined
            ? problem.message
            : firstThatFits(
                `The API server rejects this ${policy.type}: it cannot target a ${target}.`,
                `The API server rejects this ${policy.type}: it cannot target this kind.`,
              ),
        path: problem.path,
        fixes: () => (ref ? correctKind(mesh, policy, ref) : []),
      })
    }
  },
})

/**
 * Sets the supported kind of this name, in any case, and its group. No fix if the target certainly
 * does not exist.
 */
function correctKind(
  mesh: Mesh,
  policy: AuthorizationPolicy | RequestAuthentication,
  ref: PolicyTargetReference,
): Fix[] {
  const kind = TARGET_KINDS.find((candidate) => candidate.toLowerCase() === ref.kind.toLowerCase())
  if (!kind) return []
  const { group } = KINDS[kind]
  const showsAll = showsAllTargets(mesh, policy.namespace, kind)
  const target = resolveTarget(mesh, policy, { ...ref, kind, group, namespace: undefined })
  if (target.kind === 'none' && (showsAll || target.reason !== 'not found')) return []
  const edits: Edit[] = [
    ...(kind === ref.kind
      ? []
      : [{ op: 'set' as const, resource: policy, path: [...ref.path, 'kind'], value: kind }]),
    ...(group === ref.group
      ? []
      : [{ op: 'set' as const, resource: policy, path: [...ref.path, 'group'], value: group }]),
  ]
  return [
    {
      title: `Target the ${kind} of ${group === '' ? 'the core group' : group}`,
      preferred: true,
      safe: false,
      edits,
    },
  ]
}
