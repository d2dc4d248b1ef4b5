import { splitOnce } from '../../text/splitOnce.js'
import { NONE } from '../../text/collections.js'
import { keys } from '../../inventory/indexKeys.js'
import type { Workload } from '../../inventory/workloads.js'
import { assumed, CERTAIN, type KnownCertainty, type Evidence } from '../../mesh/certainty.js'
import { describedForWorkloads } from '../../mesh/described.js'
import { enrolmentOf } from '../../mesh/enrolment.js'
import { namespaceEnrolment } from '../../mesh/namespaceEnrolment.js'
import { isDiscovered } from '../../mesh/namespaces.js'
import { classQuery, query, type Mesh } from '../../mesh/mesh.js'
import { selectsProxies } from '../../mesh/gatewayPods.js'
import { scopeOf, selectionOf } from '../../mesh/policies.js'
import { workloadsWithLabels } from '../../mesh/selectorClasses.js'
import { selectWorkloads } from '../../mesh/services.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { namespaceLabel } from '../../resources/namespaceId.js'
import type { Labels } from '../../resources/resource.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { quoted } from './words.js'

/** The captured workloads in the scope of a policy without targetRefs. */
export interface Coverage {
  /** Empty if the namespace must have workloads that the files do not show. */
  readonly workloads: readonly Workload[]
  /** Other workloads in the scope that have a proxy, or may have one: sidecars, and pods that are perhaps captured. */
  readonly others: readonly Workload[]
  readonly certainty: KnownCertainty
  readonly evidence: readonly Evidence[]
}

/** The coverage that all policies with equal selectors share, with its `coverageKey`. */
export interface SharedCoverage extends Coverage {
  readonly key: string
}

/** The `coverageKey` of a policy; empty for a policy that has no coverage. */
export const coverageKeyOf = query('coverage key', (mesh, policy: AuthorizationPolicy): string => {
  const scope = scopeOf(mesh, policy)
  if (
    scope === 'nothing' ||
    selectsProxies(mesh, policy) ||
    hasPlaceholder(policy.selector?.matchLabels)
  )
    return NO_COVERAGE
  const namespace = scope === 'mesh' ? undefined : policy.namespace
  return coverageKey(selectionOf(mesh, policy) ?? NO_SELECTION, namespace)
})

export const NO_COVERAGE = ''

/** For a policy that istiod does not read. No `selectorKey` is the same. */
const NO_SELECTION = 'none'

/** The key of the policies that cover the same workloads of a selection. */
export function coverageKey(selection: string, namespace: string | undefined): string {
  return `${namespace ?? ''}\n${selection}`
}

/**
 * The captured workloads in the scope of a policy. Undefined if there is none, if the policy is for
 * gateways, or if the files do not show it (docs/knowledge.md §3.2). A namespace in ambient mode
 * without workloads in the files counts as covered.
 */
export const coverageOf = classQuery(
  'coverage of selection',
  (mesh, policy: AuthorizationPolicy) => mesh.get(coverageKeyOf, policy),
  (mesh, key): SharedCoverage | undefined => {
    if (key === NO_COVERAGE) return undefined
    const [place, selection] = splitOnce(key, '\n')
    const namespace = place === '' ? undefined : place
    const workloads = selection === NO_SELECTION ? NONE : mesh.get(workloadsWithLabels, selection)
    const covered = capturedAmong(mesh, workloads, namespace)
    return covered && { ...covered, key }
  },
)

/** The coverage by its key. */
export const selectionCoverage = coverageOf.ofClass

/** The captured workloads of a whole namespace. */
export const namespaceCoverage = query(
  'namespace coverage',
  (mesh, namespace: string): Coverage | undefined => {
    if (!mesh.get(isDiscovered, namespace)) return undefined
    return capturedAmong(mesh, selectWorkloads(mesh, undefined, namespace), namespace)
  },
)

/** The captured workloads in the scope of a policy as if it had no selector. */
export function coverageWithoutSelector(
  mesh: Mesh,
  { namespace }: AuthorizationPolicy,
): Coverage | undefined {
  if (namespace !== mesh.settings.rootNamespace) return mesh.get(namespaceCoverage, namespace)
  return capturedAmong(mesh, mesh.workloadsAt(keys.allWorkloads()), undefined)
}

/** Whether another tool fills in a label, so that the matching workloads are not known. */
export function hasPlaceholder(labels: Labels | undefined): boolean {
  return Object.entries(labels ?? {}).some(
    ([key, value]) => isPlaceholder(key) || isPlaceholder(value),
  )
}

/**
 * The captured workloads among the covered ones; without any, the workloads of the namespace that
 * the files do not show, if they must be captured.
 *
 * @param namespace undefined for a policy of the whole mesh: no workload is assumed for it.
 */
export function capturedAmong(
  mesh: Mesh,
  covered: readonly Workload[],
  namespace: string | undefined,
): Coverage | undefined {
  const inMesh = covered
    .map((workload) => ({ workload, enrolment: mesh.get(enrolmentOf, workload) }))
    .filter(({ enrolment }) => enrolment.mode !== 'none')
  const captured = inMesh.flatMap(({ workload, enrolment }) =>
    enrolment.mode === 'ambient' ? [{ workload, enrolment }] : [],
  )
  const certain = captured.filter(({ enrolment }) => enrolment.certainty.level === 'certain')
  const reported = certain.length > 0 ? certain : captured
  const [first] = reported
  if (first) {
    const workloads = reported.map(({ workload }) => workload)
    const named = new Set(workloads)
    return {
      workloads,
      others: inMesh.flatMap(({ workload }) => (named.has(workload) ? [] : [workload])),
      certainty: certain.length > 0 ? CERTAIN : first.enrolment.certainty,
      evidence: [
        ...new Map(
          reported
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
  return { workloads: [], others: [], certainty: unseen, evidence: enrolment.evidence }
}

/**
 * `workload "a"`, `workloads "a" and "b"`, `3 workloads`; `the selected workloads` if the files
 * show none.
 */
export function nameWorkloads(workloads: readonly Workload[]): string {
  const [first, second] = workloads
  if (!first) return 'the selected workloads'
  if (!second) return `workload ${quoted(first.name, 48)}`
  return workloads.length === 2
    ? `workloads ${quoted(first.name, 24)} and ${quoted(second.name, 24)}`
    : `${String(workloads.length)} workloads`
}

/** Related information for each workload, if the message only counts them (more than two). */
export function eachWorkload(workloads: readonly Workload[], fact: string): Evidence[] {
  if (workloads.length < 3) return []
  return workloads.slice(0, 5).map((workload) => ({
    resource: workload,
    path: ['metadata', 'name'],
    message: `Workload ${quoted(workload.name)}: ${fact}`,
  }))
}
