import { selectorKey } from '../../mesh/selectorClasses.js'
import { keys } from '../../inventory/indexKeys.js'
import type { Workload } from '../../inventory/workloads.js'
import { assumed } from '../../mesh/certainty.js'
import { isRead } from '../../mesh/discovery.js'
import { classQuery, query, type Mesh } from '../../mesh/mesh.js'
import { selectsProxies } from '../../mesh/gatewayPods.js'
import { peerAuthenticationsOf } from '../../mesh/policies.js'
import type { PeerAuthentication } from '../../resources/peerAuthentication.js'
import { isEmptyLabels } from '../../resources/selector.js'
import { levelsOf, type PeerAuthenticationLevels } from '../../ztunnel/peerAuthentication.js'
import {
  capturedAmong,
  coverageKey,
  NO_COVERAGE,
  hasPlaceholder,
  selectionCoverage,
  type Coverage,
} from './coverage.js'
import { isFilledIn } from './filledIn.js'

export type PeerLevel = 'mesh' | 'namespace' | 'workload'

/**
 * The level of a PeerAuthentication; undefined for one with a selector in the root namespace, which
 * is ignored (docs/semantics.md §6.1).
 */
export function levelOf(mesh: Mesh, policy: PeerAuthentication): PeerLevel | undefined {
  const inRoot = policy.namespace === mesh.settings.rootNamespace
  if (isEmptyLabels(policy.selector?.matchLabels)) return inRoot ? 'mesh' : 'namespace'
  return inRoot ? undefined : 'workload'
}

/**
 * The captured workloads that a PeerAuthentication applies to. Like `coverageOf` for
 * AuthorizationPolicies.
 */
export const peerCoverageOf = classQuery(
  'peer coverage',
  (mesh, policy: PeerAuthentication) => mesh.get(peerCoverageKey, policy),
  (mesh, key): Coverage | undefined =>
    key === WHOLE_MESH ? meshCoverage(mesh) : mesh.get(selectionCoverage, key),
)

/** The `coverageKey` of a policy, or `WHOLE_MESH`. */
const peerCoverageKey = query('peer coverage key', (mesh, policy: PeerAuthentication): string => {
  const level = isRead(mesh, policy) ? levelOf(mesh, policy) : undefined
  if (
    level === undefined ||
    selectsProxies(mesh, policy) ||
    hasPlaceholder(policy.selector?.matchLabels)
  )
    return NO_COVERAGE
  return level === 'mesh' && !policy.selector
    ? WHOLE_MESH
    : coverageKey(peerSelection(policy), policy.namespace)
})

/** No `coverageKey` is the same. */
const WHOLE_MESH = '*'

function meshCoverage(mesh: Mesh): Coverage | undefined {
  const workloads = mesh.workloadsAt(keys.allWorkloads())
  const captured = capturedAmong(mesh, workloads, undefined)
  if (captured || workloads.length > 0 || mesh.settings.install !== 'ambient') return captured
  return {
    workloads: [],
    others: [],
    certainty: assumed('the mesh has workloads in ambient mode that these files do not show'),
    evidence: [],
  }
}

/** The workloads that a PeerAuthentication selects in its namespace, as a `selectorKey`. */
export function peerSelection({ namespace, selector }: PeerAuthentication): string {
  return selectorKey({ namespace, labels: selector?.matchLabels })
}

/**
 * A covered workload with the PeerAuthentications that apply to it. `workload` is undefined if the
 * files show none.
 */
export interface PeerSubject {
  readonly workload: Workload | undefined
  readonly levels: PeerAuthenticationLevels
}

/**
 * The covered workloads to which a policy applies at its level, with the levels above it. Empty if
 * that is unknown: a template may render to another PeerAuthentication, another tool fills in a
 * mode, or several exist at one level, so that their age decides, which the files do not show
 * (docs/semantics.md §6.1).
 */
export function peerSubjects(
  mesh: Mesh,
  policy: PeerAuthentication,
  coverage: Coverage,
): PeerSubject[] {
  if (mesh.hasOpaque('PeerAuthentication')) return []
  const { rootNamespace } = mesh.settings
  const applicable: { workload: Workload | undefined; policies: readonly PeerAuthentication[] }[] =
    coverage.workloads.map((workload) => ({
      workload,
      policies: mesh.get(peerAuthenticationsOf, workload),
    }))
  if (applicable.length === 0)
    applicable.push({
      workload: undefined,
      policies: [policy, ...otherPoliciesWithoutLabels(mesh, policy, rootNamespace)],
    })
  return applicable.flatMap(({ workload, policies }) => {
    const levels = levelsOf(policies, rootNamespace)
    const chosen = new Set([levels.mesh, levels.namespace, levels.workload])
    return chosen.has(policy) &&
      policies.every((other) => chosen.has(other) && !isFilledIn(other, ['spec']))
      ? [{ workload, levels }]
      : []
  })
}

/** The other policies without labels that apply to every workload of a policy's namespace. */
function otherPoliciesWithoutLabels(
  mesh: Mesh,
  policy: PeerAuthentication,
  rootNamespace: string,
): PeerAuthentication[] {
  const wide = [...new Set([policy.namespace, rootNamespace])].flatMap((namespace) =>
    mesh.at('PeerAuthentication', keys.selecting('PeerAuthentication', namespace, '*')),
  )
  return wide.filter(
    (other) =>
      other !== policy && (other.namespace === policy.namespace || other.selector === undefined),
  )
}

/** The workloads of the subjects that have one. */
export function workloadsOf(subjects: readonly PeerSubject[]): Workload[] {
  return subjects.flatMap(({ workload }) => workload ?? [])
}

/**
 * The PeerAuthentication from which a level inherits STRICT; undefined if it inherits another mode.
 */
export function inheritedStrict(
  { mesh, namespace }: PeerAuthenticationLevels,
  level: PeerLevel,
): PeerAuthentication | undefined {
  const inherited =
    level === 'workload' && namespace && namespace.mode !== 'UNSET' ? namespace : mesh
  return level !== 'mesh' && inherited?.mode === 'STRICT' ? inherited : undefined
}
