import type { Workload } from '../inventory/workloads.js'
import { isRejected } from '../resources/rejected.js'
import { explainRejectedPeerAuthentication } from './rejectedObject.js'
import { assumedRevision, whyNotRead } from '../mesh/discovery.js'
import type { Mesh } from '../mesh/mesh.js'
import { peerAuthenticationsOf } from '../mesh/policies.js'
import { selectWorkloads } from '../mesh/services.js'
import type { MutualTlsMode, PeerAuthentication } from '../resources/peerAuthentication.js'
import { isEmptyLabels } from '../resources/selector.js'
import { peerAuthenticationOf } from '../ztunnel/enforcement.js'
import { acceptsPlaintext, intendedMode } from '../ztunnel/peerAuthentication.js'
import type { PeerAuthenticationExplanation } from './explanation.js'
import { enforcerOf, explainEnrolment } from './support/enrolmentWords.js'
import { DISABLE_MEANING, mutualTlsOf } from './support/mutualTls.js'
import {
  count,
  namespaceLabel,
  Notes,
  sentence,
  shownName,
  shownNamespace,
} from './support/notes.js'

/** The effect of a PeerAuthentication on the workloads that it applies to (docs/semantics.md §6). */
export function explainPeerAuthentication(
  mesh: Mesh,
  policy: PeerAuthentication,
): PeerAuthenticationExplanation {
  if (isRejected(policy)) return explainRejectedPeerAuthentication(policy)
  const notes = new Notes()
  const unread = whyNotRead(mesh, policy)
  const level = unread === undefined ? levelOf(mesh, policy) : 'ignored'
  notes.take(assumedRevision(mesh, policy))
  const reached = level === 'ignored' ? [] : workloadsOf(mesh, policy, level)
  const workloads = reached.map((workload) => ({
    name: shownName(workload),
    enforcedBy: enforcerOf(explainEnrolment(mesh, workload, notes).mode),
    ports: mutualTlsOf(mesh, workload, notes),
  }))
  if (reached.length === 0 && level !== 'ignored' && mesh.world === 'open')
    notes.missing('workloads unknown: the workspace has none that it applies to')
  return {
    kind: 'PeerAuthentication',
    namespace: shownNamespace(policy.namespace),
    name: policy.name,
    level,
    mode: policy.mode,
    summary:
      level === 'ignored'
        ? `ignored: ${unread ?? 'it has a selector and is in the root namespace'}`
        : [
            `${level} level`,
            policy.mode === 'UNSET' ? 'mode inherited' : policy.mode,
            reached.length === 0 && mesh.world === 'open'
              ? 'no workload in the workspace'
              : count(reached.length, 'workload'),
          ].join(' · '),
    workloads,
    effect: [
      ...(unread === undefined ? effectOf(policy, level) : [`istiod does not read it: ${unread}`]),
      ...shadowed(mesh, policy, reached),
      ...divergences(mesh, reached),
    ].map(sentence),
    ...notes.result(),
  }
}

function levelOf(mesh: Mesh, policy: PeerAuthentication): PeerAuthenticationExplanation['level'] {
  const wide = isEmptyLabels(policy.selector?.matchLabels)
  if (policy.namespace !== mesh.settings.rootNamespace) return wide ? 'namespace' : 'workload'
  return wide ? 'mesh' : 'ignored'
}

function workloadsOf(
  mesh: Mesh,
  policy: PeerAuthentication,
  level: 'mesh' | 'namespace' | 'workload',
): readonly Workload[] {
  const candidates = selectWorkloads(
    mesh,
    policy.selector?.matchLabels,
    level === 'mesh' && policy.selector === undefined ? undefined : policy.namespace,
  )
  return candidates.filter((workload) => mesh.get(peerAuthenticationsOf, workload).includes(policy))
}

const MODE_MEANING: Readonly<Record<MutualTlsMode, string>> = {
  STRICT: 'plaintext is rejected: only clients with an identity reach the pods',
  PERMISSIVE: 'plaintext and mTLS are both accepted',
  DISABLE: DISABLE_MEANING,
  UNSET: 'the mode is inherited from the workload, namespace or mesh level, else PERMISSIVE',
}

function effectOf(
  policy: PeerAuthentication,
  level: PeerAuthenticationExplanation['level'],
): string[] {
  if (level === 'ignored')
    return [
      'istiod ignores a PeerAuthentication with a selector in the root namespace: it applies to no workload',
    ]
  const scope = {
    mesh: 'every namespace of the mesh',
    namespace: namespaceLabel(policy.namespace),
    workload: 'the workloads with the labels of its selector',
  }[level]
  const ports = [...policy.portLevelMtls].map(
    ([port, mode]) => `container port ${String(port)}: ${mode}`,
  )
  const where =
    level === 'workload' ? '' : ' (no effect: istiod reads portLevelMtls only at workload level)'
  const disabled =
    policy.mode !== 'DISABLE' && [...policy.portLevelMtls.values()].includes('DISABLE')
      ? [DISABLE_MEANING]
      : []
  return [
    `for ${scope}, ${MODE_MEANING[policy.mode]}`,
    ...(ports.length > 0 ? [`${ports.join(', ')}${where}`] : []),
    ...disabled,
  ]
}

/** Says for how many workloads another PeerAuthentication decides. */
function shadowed(
  mesh: Mesh,
  policy: PeerAuthentication,
  workloads: readonly Workload[],
): string[] {
  const overruled = workloads.filter((workload) => {
    const { workload: own, namespace, mesh: wide } = mesh.get(peerAuthenticationOf, workload)
    return (
      [own, namespace, wide].find((level) => level !== undefined && level.mode !== 'UNSET') !==
      policy
    )
  })
  if (policy.mode === 'UNSET' || overruled.length === 0) return []
  const workloadCount = count(overruled.length, 'workload')
  return [
    `another PeerAuthentication (more specific, or first by name) decides for ${workloadCount}`,
  ]
}

/** Workloads for which istiod generates something else than the configuration. */
function divergences(mesh: Mesh, workloads: readonly Workload[]): string[] {
  return workloads.flatMap((workload) => {
    const effective = mesh.get(peerAuthenticationOf, workload)
    const ports = [0, ...(effective.workload?.portLevelMtls.keys() ?? [])]
    const differing = ports.filter(
      (port) => (intendedMode(effective, port) === 'STRICT') === acceptsPlaintext(effective, port),
    )
    if (differing.length === 0) return []
    const open = differing.some((port) => acceptsPlaintext(effective, port))
    const difference = open
      ? 'plaintext is accepted although STRICT is configured'
      : 'plaintext is rejected although it is permitted'
    const where = `${workload.type} ${shownName(workload)}`
    return [`at ${where} the effect differs from the configuration: ${difference} (see the ports)`]
  })
}
