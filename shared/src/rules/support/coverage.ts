import type { Workload } from '../../inventory/workloads.js'
import { assumed, CERTAIN, type KnownCertainty, type Evidence } from '../../mesh/certainty.js'
import { describedForWorkloads } from '../../mesh/described.js'
import { enrolmentOf, isDiscovered, namespaceEnrolment } from '../../mesh/enrolment.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import { isGatewayPolicy, scopeOf, workloadsOfPolicy } from '../../mesh/policies.js'
import { selectWorkloads } from '../../mesh/services.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { namespaceLabel } from '../../resources/namespaceId.js'
import type { Labels } from '../../resources/resource.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { quoted } from './words.js'

/** The captured workloads that a policy without targetRefs covers. */
export interface Coverage {
  /** Empty where the files show no workload of the namespace but there must be some. */
  readonly workloads: readonly Workload[]
  readonly certainty: KnownCertainty
  readonly evidence: readonly Evidence[]
}

/**
 * What a policy covers at ztunnel; undefined where it covers nothing there, is meant for gateways, or nothing can be said (docs/knowledge.md §3.2): a policy covers a
 * captured workload, or its ambient namespace is not described for workloads.
 */
export const coverageOf = query(
  'coverage',
  (mesh, policy: AuthorizationPolicy): Coverage | undefined => {
    const scope = scopeOf(mesh, policy)
    if (
      scope === 'nothing' ||
      mesh.get(isGatewayPolicy, policy) ||
      hasPlaceholder(policy.selector?.matchLabels)
    )
      return undefined
    return capturedAmong(
      mesh,
      mesh.get(workloadsOfPolicy, policy),
      scope === 'mesh' ? undefined : policy.namespace,
    )
  },
)

/** What a policy would cover if it were enforced in its whole namespace. */
export const namespaceCoverage = query(
  'namespace coverage',
  (mesh, namespace: string): Coverage | undefined => {
    if (!mesh.get(isDiscovered, namespace)) return undefined
    return capturedAmong(mesh, selectWorkloads(mesh, undefined, namespace), namespace)
  },
)

/** Whether a selector's value is filled in by another tool, so that nothing is known of what it selects. */
export function hasPlaceholder(labels: Labels | undefined): boolean {
  return Object.entries(labels ?? {}).some(
    ([key, value]) => isPlaceholder(key) || isPlaceholder(value),
  )
}

/**
 * The captured ones among covered workloads. Without any, the namespace's unseen workloads where they must be captured.
 *
 * @param namespace undefined for what reaches the whole mesh: of that, nothing is taken to be.
 */
export function capturedAmong(
  mesh: Mesh,
  covered: readonly Workload[],
  namespace: string | undefined,
): Coverage | undefined {
  const captured = covered.flatMap((workload) => {
    const enrolment = mesh.get(enrolmentOf, workload)
    return enrolment.mode === 'ambient' ? [{ workload, enrolment }] : []
  })
  const sure = captured.filter(({ enrolment }) => enrolment.certainty.level === 'certain')
  const spoken = sure.length > 0 ? sure : captured
  const [first] = spoken
  if (first) {
    return {
      workloads: spoken.map(({ workload }) => workload),
      certainty: sure.length > 0 ? CERTAIN : first.enrolment.certainty,
      evidence: [
        ...new Map(
          spoken
            .flatMap(({ enrolment }) => enrolment.evidence)
            .map((item) => [item.resource, item]),
        ).values(),
      ].slice(0, 3),
    }
  }
  if (covered.length > 0 || namespace === undefined || mesh.get(describedForWorkloads, namespace))
    return undefined
  const enrolment = mesh.get(namespaceEnrolment, namespace)
  if (enrolment.mode !== 'ambient') return undefined
  const unseen =
    enrolment.certainty.level === 'certain'
      ? assumed(`${namespaceLabel(namespace)} has workloads that these files do not show`)
      : enrolment.certainty
  return { workloads: [], certainty: unseen, evidence: enrolment.evidence }
}

/** `workload "a"`, `workloads "a" and "b"`, `3 workloads`; `the workloads it covers` where none is in the files. */
export function nameWorkloads(workloads: readonly Workload[]): string {
  const [first, second] = workloads
  if (!first) return 'the workloads it covers'
  if (!second) return `workload ${quoted(first.name, 48)}`
  return workloads.length === 2
    ? `workloads ${quoted(first.name, 24)} and ${quoted(second.name, 24)}`
    : `${String(workloads.length)} workloads`
}

/** Related facts that name the workloads, where the message only counts them. */
export function eachWorkload(workloads: readonly Workload[], fact: string): Evidence[] {
  if (workloads.length < 3) return []
  return workloads.slice(0, 5).map((workload) => ({
    resource: workload,
    path: ['metadata', 'name'],
    message: `Workload ${quoted(workload.name)}: ${fact}`,
  }))
}
