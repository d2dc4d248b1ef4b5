import type { Namespace } from '../resources/namespace.js'
import { DATAPLANE_MODE, INJECTION, isOtherDataPlane, REVISION } from '../vocabulary/labels.js'
import { isPlaceholder } from '../yaml/placeholder.js'
import { CERTAIN, UNKNOWN, type Evidence, type KnownCertainty } from './certainty.js'

/** Which proxy enforces policies at a pod: ztunnel, a sidecar, or none. */
export type EnrolmentMode = 'ambient' | 'sidecar' | 'none'

export type Enrolment =
  | {
      readonly mode: EnrolmentMode
      readonly certainty: KnownCertainty
      readonly evidence: readonly Evidence[]
    }
  | {
      readonly mode: 'unknown'
      readonly certainty: typeof UNKNOWN
      readonly evidence: readonly Evidence[]
    }

export const NOT_KNOWN: Enrolment = { mode: 'unknown', certainty: UNKNOWN, evidence: [] }

/** Namespaces whose pods are never injected (`inject.go` IgnoredNamespaces). */
const NEVER_INJECTED = ['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage']

/** Whether no pod of a namespace gets a sidecar, with any label. */
export function isNeverInjected(namespace: string): boolean {
  return NEVER_INJECTED.includes(namespace)
}

/** The enrolment that the labels of a Namespace decide; undefined where it has no mesh label. */
export function enrolmentByLabels(namespace: Namespace): Enrolment | undefined {
  const { labels } = namespace
  const evidence = (label: string): Evidence[] => [
    {
      resource: namespace,
      path: ['metadata', 'labels', label],
      message: `Namespace "${namespace.name}" has ${label}: ${labels?.[label] ?? ''}.`,
    },
  ]
  for (const label of [INJECTION, REVISION, DATAPLANE_MODE])
    if (isPlaceholder(labels?.[label] ?? '')) return { ...NOT_KNOWN, evidence: evidence(label) }
  if (injects(namespace))
    return {
      mode: 'sidecar',
      certainty: CERTAIN,
      evidence: evidence(labels?.[INJECTION] === undefined ? REVISION : INJECTION),
    }
  const mode = labels?.[DATAPLANE_MODE]
  if (mode !== undefined && isOtherDataPlane(mode))
    return { ...NOT_KNOWN, evidence: evidence(DATAPLANE_MODE) }
  if (mode !== undefined)
    return {
      mode: mode === 'ambient' ? 'ambient' : 'none',
      certainty: CERTAIN,
      evidence: evidence(DATAPLANE_MODE),
    }
  return labels?.[INJECTION] === undefined
    ? undefined
    : { mode: 'none', certainty: CERTAIN, evidence: evidence(INJECTION) }
}

/**
 * Whether the injection webhooks select the namespace (`mutatingwebhook.yaml`). They do not read the
 * data-plane mode.
 */
export function injects(namespace: Namespace): boolean {
  if (isNeverInjected(namespace.name)) return false
  const injection = namespace.labels?.[INJECTION]
  return injection === undefined
    ? namespace.labels?.[REVISION] !== undefined
    : injection === 'enabled'
}
