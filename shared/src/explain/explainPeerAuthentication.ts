import type { Workload } from '../inventory/workloads.js'
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

/** What a PeerAuthentication makes of the workloads that it reaches (docs/semantics.md §6). */
export function explainPeerAuthentication(
  mesh: Mesh,
  policy: PeerAuthentication,
): PeerAuthenticationExplanation {
  const notes = new Notes()
  const level = levelOf(mesh, policy)
  const reached = level === 'ignored' ? [] : workloadsOf(mesh, policy, level)
  const workloads = reached.map((workload) => ({
    name: shownName(workload),
    enforcedBy: enforcerOf(explainEnrolment(mesh, workload, notes).mode),
    ports: mutualTlsOf(mesh, workload, notes),
  }))
  if (reached.length === 0 && level !== 'ignored' && mesh.world === 'open')
    notes.missing('workloads unknown: none that it reaches in the workspace')
  return {
    kind: 'PeerAuthentication',
    namespace: shownNamespace(policy.namespace),
    name: policy.name,
    level,
    mode: policy.mode,
    summary:
      level === 'ignored'
        ? 'ignored: a selector in the root namespace reaches nobody'
        : `${level} level · ${policy.mode === 'UNSET' ? 'mode inherited' : policy.mode} · ${reached.length === 0 && mesh.world === 'open' ? 'no workload in the workspace' : count(reached.length, 'workload')}`,
    workloads,
    effect: [
      ...effectOf(policy, level),
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
  STRICT: 'plaintext is refused: only clients with an identity reach the pods',
  PERMISSIVE: 'plaintext and mTLS are both admitted',
  DISABLE: DISABLE_MEANING,
  UNSET: 'it sets no mode of its own and inherits one: workload, namespace, mesh, else PERMISSIVE',
}

function effectOf(
  policy: PeerAuthentication,
  level: PeerAuthenticationExplanation['level'],
): string[] {
  if (level === 'ignored')
    return [
      'istiod ignores a PeerAuthentication with a selector in the root namespace, for every workload',
    ]
  const scope = {
    mesh: 'every namespace of the mesh',
    namespace: namespaceLabel(policy.namespace),
    workload: 'the workloads that it selects',
  }[level]
  const ports = [...policy.portLevelMtls].map(([port, mode]) => `port ${String(port)}: ${mode}`)
  const where =
    level === 'workload'
      ? ''
      : ': istiod reads portLevelMtls at workload level only, so that these have no effect'
  const disabled =
    policy.mode !== 'DISABLE' && [...policy.portLevelMtls.values()].includes('DISABLE')
      ? [DISABLE_MEANING]
      : []
  return [
    `for ${scope}, ${MODE_MEANING[policy.mode]}`,
    ...(ports.length > 0 ? [`ports of the containers, ${ports.join(', ')}${where}`] : []),
    ...disabled,
  ]
}

/** Workloads for which another PeerAuthentication of a nearer level decides. */
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
  return policy.mode === 'UNSET' || overruled.length === 0
    ? []
    : [
        `a nearer or earlier PeerAuthentication decides for ${count(overruled.length, 'workload')} of them`,
      ]
}

/** Where istiod does something else than is written. */
function divergences(mesh: Mesh, workloads: readonly Workload[]): string[] {
  return workloads.flatMap((workload) => {
    const effective = mesh.get(peerAuthenticationOf, workload)
    const ports = [0, ...(effective.workload?.portLevelMtls.keys() ?? [])]
    const differing = ports.filter(
      (port) => (intendedMode(effective, port) === 'STRICT') === acceptsPlaintext(effective, port),
    )
    if (differing.length === 0) return []
    const open = differing.some((port) => acceptsPlaintext(effective, port))
    return [
      `at ${workload.type} ${shownName(workload)} istiod does not do what is written: ${open ? 'plaintext passes where STRICT is meant' : 'plaintext is refused where it is meant to pass'} (see the ports)`,
    ]
  })
}
