import type { Workload } from '../../inventory/workloads.js'
import { assumed, CERTAIN, type Certainty, type Evidence } from '../../mesh/certainty.js'
import { describedForWorkloads } from '../../mesh/described.js'
import { enrolmentOf, namespaceEnrolment } from '../../mesh/enrolment.js'
import { query } from '../../mesh/mesh.js'
import { isGatewayPolicy, scopeOf, workloadsOfPolicy } from '../../mesh/policies.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { namespaceLabel } from '../../resources/namespaceId.js'
import { isPlaceholder } from '../../yaml/placeholder.js'

/** The captured workloads that a policy without targetRefs covers. */
export interface Coverage {
  /** Empty where the files show no workload of the namespace but there must be some. */
  readonly workloads: readonly Workload[]
  readonly certainty: Certainty
  readonly evidence: readonly Evidence[]
}

/**
 * What a policy covers at ztunnel; undefined where it covers nothing there, is meant for gateways, or nothing can be said (`knowledge.md` §3.2): a policy covers a
 * captured workload, or its ambient namespace is not described for workloads.
 */
export const coverageOf = query('coverage', (mesh, policy: AuthorizationPolicy): Coverage | undefined => {
  if (mesh.get(scopeOf, policy) === 'nothing' || mesh.get(isGatewayPolicy, policy)) return undefined
  if (Object.values(policy.selector?.matchLabels ?? {}).some(isPlaceholder)) return undefined
  const covered = mesh.get(workloadsOfPolicy, policy).map((workload) => ({ workload, enrolment: mesh.get(enrolmentOf, workload) }))
  const captured = covered.filter(({ enrolment }) => enrolment.mode === 'ambient')
  const sure = captured.filter(({ enrolment }) => enrolment.certainty.level === 'certain')
  const spoken = sure.length > 0 ? sure : captured
  const [first] = spoken
  if (first) {
    return {
      workloads: spoken.map(({ workload }) => workload),
      certainty: sure.length > 0 ? CERTAIN : first.enrolment.certainty,
      evidence: [...new Map(spoken.flatMap(({ enrolment }) => enrolment.evidence).map((item) => [item.resource, item])).values()].slice(0, 3),
    }
  }
  if (covered.length > 0 || mesh.get(scopeOf, policy) === 'mesh' || mesh.get(describedForWorkloads, policy.namespace)) return undefined
  const enrolment = mesh.get(namespaceEnrolment, policy.namespace)
  if (enrolment.mode !== 'ambient') return undefined
  const unseen = enrolment.certainty.level === 'certain' ? assumed(`${namespaceLabel(policy.namespace)} has workloads that these files do not show`) : enrolment.certainty
  return { workloads: [], certainty: unseen, evidence: enrolment.evidence }
})

/** `workload "a"`, `workloads "a" and "b"`, `3 workloads`; `the workloads it selects` where none is in the files. */
export function nameWorkloads(workloads: readonly Workload[]): string {
  const [first, second] = workloads
  if (!first) return 'the workloads it covers'
  if (!second) return `workload "${first.name}"`
  return workloads.length === 2 ? `workloads "${first.name}" and "${second.name}"` : `${String(workloads.length)} workloads`
}
