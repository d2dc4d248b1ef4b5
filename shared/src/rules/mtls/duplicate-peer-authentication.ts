import { NONE } from '../../text/collections.js'
import { podLabels } from '../../mesh/pods.js'
import { matchesLabels } from '../../resources/selector.js'
import type { Workload } from '../../inventory/workloads.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import { peerAuthenticationsOf } from '../../mesh/policies.js'
import type { PeerAuthentication } from '../../resources/peerAuthentication.js'
import { qualifiedName } from '../../resources/resource.js'
import { isEqual } from '../../text/isEqual.js'
import { defineRule } from '../rule.js'
import {
  coverageKey,
  nameWorkloads,
  selectionCoverage,
  type Coverage,
} from '../support/coverage.js'
import { isFilledIn } from '../support/filledIn.js'
import { levelOf, peerCoverageOf, type PeerLevel, peerSelection } from '../support/peerCoverage.js'
import { firstThatFits, quoted } from '../support/words.js'

export const duplicatePeerAuthentication = defineRule({
  name: 'duplicate-peer-authentication',
  level: 'warning',
  subjects: ['PeerAuthentication'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'Gateway.networking.istio.io',
    'MeshConfig',
    'Namespace',
    'Other',
    'PeerAuthentication',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    const level = levelOf(mesh, policy)
    const coverage =
      level === undefined || policy.namespaceSource === 'unnamed'
        ? undefined
        : mesh.get(peerCoverageOf, policy)
    if (level === undefined || !coverage || isFilledIn(policy, ['spec'])) return
    const duplicate = earlierDuplicate(mesh, policy, { level, coverage })
    if (!duplicate) return
    const { other, workloads } = duplicate
    const target = level === 'workload' ? nameWorkloads(workloads) : `the ${level}`
    const older = `Only the older of this PeerAuthentication and ${quoted(qualifiedName(other))} applies`
    report({
      message: firstThatFits(
        `${older} to ${target}: the files do not show which one it is.`,
        `${older}: the files do not show which one it is.`,
      ),
      path: ['metadata', 'name'],
      certainties: [coverage.certainty],
      related: [
        {
          resource: other,
          path: ['metadata', 'name'],
          message: `The other PeerAuthentication at this level: ${quoted(other.name)}.`,
        },
        ...coverage.evidence,
      ],
    })
  },
})

interface Duplicate {
  readonly other: PeerAuthentication
  readonly workloads: readonly Workload[]
}

/**
 * A different PeerAuthentication at the same level for one of its workloads, with a name earlier in
 * the alphabet.
 */
function earlierDuplicate(
  mesh: Mesh,
  policy: PeerAuthentication,
  { level, coverage }: { readonly level: PeerLevel; readonly coverage: Coverage },
): Duplicate | undefined {
  const { namespace } = policy
  const candidates =
    level === 'workload' && coverage.workloads.length > 0
      ? mesh.get(peersOfCoverage, coverageKey(peerSelection(policy), namespace))
      : byName(mesh.inNamespace('PeerAuthentication', namespace))
  for (const other of candidates) {
    if (other.name >= policy.name) break
    if (
      levelOf(mesh, other) !== level ||
      isFilledIn(other, ['spec']) ||
      setsSameModes(other, policy) ||
      areAlternatives(mesh, other, policy)
    )
      continue
    if (level !== 'workload') return { other, workloads: coverage.workloads }
    const workloads =
      peerSelection(other) === peerSelection(policy)
        ? coverage.workloads
        : coverage.workloads.filter((workload) =>
            matchesLabels(other.selector?.matchLabels, podLabels(workload)),
          )
    if (
      workloads.length > 0 ||
      (coverage.workloads.length === 0 && isEqual(other.selector, policy.selector))
    )
      return { other, workloads }
  }
  return undefined
}

/** The PeerAuthentications that apply to a workload of a coverage, in alphabetical order. */
const peersOfCoverage = query(
  'peer authentications of coverage',
  (mesh, key: string): readonly PeerAuthentication[] => {
    const workloads = mesh.get(selectionCoverage, key)?.workloads ?? NONE
    // Workloads with the same policies share one list.
    const lists = new Set(workloads.map((workload) => mesh.get(peerAuthenticationsOf, workload)))
    return byName([...new Set([...lists].flat())])
  },
)

function byName(policies: readonly PeerAuthentication[]): readonly PeerAuthentication[] {
  return [...policies].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/**
 * Whether two files are alternative configurations of one mesh, not parts of it: some
 * PeerAuthentication of the namespace is defined in several files (docs/knowledge.md §7).
 */
function areAlternatives(mesh: Mesh, a: PeerAuthentication, b: PeerAuthentication): boolean {
  return a.origin.file !== b.origin.file && mesh.get(hasRepeatedName, a.namespace)
}

const hasRepeatedName = query('repeated name', (mesh, namespace: string): boolean => {
  const listed = mesh.inNamespace('PeerAuthentication', namespace)
  return new Set(listed.map(({ name }) => name)).size < listed.length
})

function setsSameModes(a: PeerAuthentication, b: PeerAuthentication): boolean {
  return (
    a.mode === b.mode &&
    isEqual(a.portLevelMtls, b.portLevelMtls) &&
    (a.selector === undefined) === (b.selector === undefined)
  )
}
