import type { Mesh } from '../mesh/mesh.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import type { RequestAuthentication } from '../resources/requestAuthentication.js'
import type { PolicyTargetReference } from '../resources/targetRef.js'
import type { Edit, Fix } from './fix.js'
import { defineRule } from './rule.js'
import { fitting, quoted } from './support/words.js'
import { allowGetAt } from './support/examples.js'
import { lookUp, TARGET_GROUPS, type TargetKind } from './waypointSupport/targets.js'

const NAME = 'target-kind-not-supported'

export const targetKindNotSupported = defineRule({
  name: NAME,
  level: 'error',
  subjects: ['AuthorizationPolicy', 'RequestAuthentication'],
  reads: ['Gateway', 'GatewayClass', 'MeshConfig', 'Namespace', 'Other', 'Service', 'ServiceEntry', 'opaque'],
  docs: {
    summary: 'A targetRef names a kind of object that no policy can target.',
    why: 'A policy can target a Service (core group), a ServiceEntry (`networking.istio.io`), a Gateway or a GatewayClass (`gateway.networking.k8s.io`). Kind and group are compared to the letter, and a group without its kind is another group: `kind: Gateway` without `group` is a Gateway of the core group, which does not exist. Everything else is refused by istiod\'s webhook, so nothing of the policy is enforced.',
    bad: allowGetAt(`    - kind: Gateway
      name: waypoint
    - kind: GatewayClass
      group: networking.k8s.io
      name: istio-waypoint
    - kind: Service
      group: v1
      name: api
    - kind: ServiceEntry
      name: payments
`),
    good: allowGetAt(`    - kind: Gateway
      group: gateway.networking.k8s.io
      name: waypoint
    - kind: Service
      group: ""
      name: api
    - kind: ServiceEntry
      group: networking.istio.io
      name: payments
`),
    fix: 'Write the group that belongs to the kind. To speak of a Deployment\'s pods at ztunnel, use `selector`; for HTTP, target the Service before them.',
    references: ['istio/istio pkg/config/validation/validation.go (validatePolicyTargetReference)', 'istio/istio pilot/pkg/model/policyattachment.go:123-201'],
  },
  check(policy, { mesh, report }) {
    for (const problem of policy.problems.filter(({ rule }) => rule === NAME)) {
      const ref = policy.targetRefs.find(({ path }) => [...path, 'kind'].join('/') === problem.path.join('/'))
      const target = ref && `${ref.kind} of ${ref.group === '' ? 'the core group' : `group ${quoted(ref.group, 40)}`}`
      report({
        message: target === undefined ? problem.message : fitting(`No policy can target a ${target}: istiod refuses this ${policy.type}.`, `No policy can target this kind: istiod refuses this ${policy.type}.`),
        path: problem.path,
        fixes: () => ref ? repair(mesh, policy, ref) : [],
      })
    }
  },
})

/** The kind that was meant, with its group: by its name, whatever its case. Nothing where such an object is surely not there. */
function repair(mesh: Mesh, policy: AuthorizationPolicy | RequestAuthentication, ref: PolicyTargetReference): Fix[] {
  const kind = TARGET_KINDS.find((candidate) => candidate.toLowerCase() === ref.kind.toLowerCase())
  if (!kind) return []
  const group = TARGET_GROUPS[kind]
  const target = lookUp(mesh, policy.namespace, { ...ref, kind, group })
  if (!target || (target.described && !target.exists)) return []
  const edits: Edit[] = [
    ...(kind === ref.kind ? [] : [{ op: 'set' as const, resource: policy, path: [...ref.path, 'kind'], value: kind }]),
    ...(group === ref.group ? [] : [{ op: 'set' as const, resource: policy, path: [...ref.path, 'group'], value: group }]),
  ]
  return [{ title: `Target the ${kind} of ${group === '' ? 'the core group' : group}`, preferred: true, safe: false, edits }]
}

const TARGET_KINDS: readonly TargetKind[] = ['Service', 'ServiceEntry', 'Gateway', 'GatewayClass']
