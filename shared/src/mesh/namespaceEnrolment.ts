import { keys } from '../inventory/indexKeys.js'
import type { Namespace } from '../resources/namespace.js'
import { namespaceLabel } from '../resources/namespaceId.js'
import type { Labels } from '../resources/resource.js'
import type { PodTemplate } from '../resources/workload.js'
import { SIDECAR_STATUS } from '../vocabulary/annotations.js'
import {
  DATAPLANE_MODE,
  INJECT,
  INJECTION,
  isOtherDataPlane,
  REVISION,
} from '../vocabulary/labels.js'
import { isPlaceholder } from '../yaml/placeholder.js'
import { assumed, CERTAIN, UNKNOWN, type Evidence, type KnownCertainty } from './certainty.js'
import { isGatewayPod, isWaypointClass } from './gatewayClass.js'
import { query, type Mesh } from './mesh.js'
import { enrolsElsewhere, namespaceObject } from './namespaces.js'
import { podLabels } from './pods.js'

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

/**
 * The enrolment of the pods of a namespace that have no label of their own (docs/semantics.md §1,
 * docs/knowledge.md §3).
 */
export const namespaceEnrolment = query(
  'namespace enrolment',
  (mesh, namespace: string): Enrolment => {
    const object = mesh.get(namespaceObject, namespace)
    const labelled = object ? enrolmentByLabels(object) : fromDefinitions(mesh, namespace)
    if (labelled?.mode === 'ambient' && mesh.settings.cniExcludeNamespaces.includes(namespace))
      return leftOutByCni(labelled)
    if (labelled) return labelled
    const evidence = object ? [hasNoLabel(object)] : []
    if ((mesh.world === 'closed' || object) && mesh.get(enrolsElsewhere, '')) {
      const found = mesh.world === 'closed' ? undefined : fromEvidence(mesh, namespace)
      return found ?? { ...NOT_KNOWN, evidence }
    }
    if (mesh.world === 'closed') return { mode: 'none', certainty: CERTAIN, evidence }
    if (object && labelsOthers(mesh)) return { mode: 'none', certainty: CERTAIN, evidence }
    return (
      fromEvidence(mesh, namespace) ??
      fromNeighbours(mesh, namespace) ??
      fromSetting(mesh, namespace)
    )
  },
)

/** The CNI captures no pod of a namespace that it excludes, with any label. */
function leftOutByCni({ evidence }: Enrolment): Enrolment {
  return {
    mode: 'none',
    certainty: CERTAIN,
    evidence: evidence.map(({ resource, path }) => ({
      resource,
      path,
      message: `The CNI leaves out namespace "${resource.name}".`,
    })),
  }
}

/** What several definitions of a Namespace agree on, which differ in other labels. */
function fromDefinitions(mesh: Mesh, namespace: string): Enrolment | undefined {
  const each = mesh.at('Namespace', keys.named('Namespace', '', namespace)).map(enrolmentByLabels)
  const [first] = each
  return each.every((other) => other?.mode === first?.mode) ? first : undefined
}

/**
 * The labels of a namespace. Undefined where they are unknown: no Namespace object shows them, or
 * another tool seems to label namespaces (docs/knowledge.md §3).
 */
export const namespaceLabels = query(
  'namespace labels',
  (mesh, namespace: string): Labels | undefined => {
    const object = mesh.get(namespaceObject, namespace)
    if (mesh.world === 'closed') return object?.labels ?? {}
    return object && mesh.get(namespaceEnrolment, namespace).certainty.level === 'certain'
      ? (object.labels ?? {})
      : undefined
  },
)

/** Whether the files enrol namespaces by labels, so that a missing label has a meaning. */
function labelsOthers(mesh: Mesh): boolean {
  return (
    mesh.userSettings.assumeAmbient !== 'all' &&
    mesh.all('Namespace').some((other) => enrolmentByLabels(other) !== undefined)
  )
}

function hasNoLabel(namespace: Namespace): Evidence {
  return {
    resource: namespace,
    path: ['metadata', 'name'],
    message: `Namespace "${namespace.name}" has no ${DATAPLANE_MODE} label.`,
  }
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
function injects(namespace: Namespace): boolean {
  if (isNeverInjected(namespace.name)) return false
  const injection = namespace.labels?.[INJECTION]
  return injection === undefined
    ? namespace.labels?.[REVISION] !== undefined
    : injection === 'enabled'
}

function fromEvidence(mesh: Mesh, namespace: string): Enrolment | undefined {
  return (
    fromWaypoint(mesh, namespace) ??
    fromTarget(mesh, namespace) ??
    fromSidecar(mesh, namespace) ??
    fromInstall(mesh, namespace)
  )
}

function fromWaypoint(mesh: Mesh, namespace: string): Enrolment | undefined {
  const waypoint = mesh
    .inNamespace('Gateway', namespace)
    .find((gateway) => isWaypointClass(gateway.gatewayClassName))
  if (!waypoint) return undefined
  const assumption = `${namespaceLabel(namespace)} is ambient, because it has the waypoint "${waypoint.name}"`
  return assuming('ambient', assumption, {
    resource: waypoint,
    path: ['metadata', 'name'],
    message: 'A waypoint of this namespace.',
  })
}

function fromTarget(mesh: Mesh, namespace: string): Enrolment | undefined {
  const targeting = mesh
    .inNamespace('AuthorizationPolicy', namespace)
    .find((policy) => policy.targetRefs.some((ref) => isWaypointReference(mesh, namespace, ref)))
  if (!targeting) return undefined
  const assumption = `${namespaceLabel(namespace)} is ambient, because the policy "${targeting.name}" there targets a waypoint`
  return assuming('ambient', assumption, {
    resource: targeting,
    path: ['spec', 'targetRefs'],
    message: 'A policy that targets a waypoint.',
  })
}

/** A Gateway in the files is no evidence here: `fromWaypoint` knows whether it is a waypoint. */
function isWaypointReference(
  mesh: Mesh,
  namespace: string,
  ref: { readonly kind: string; readonly name: string },
): boolean {
  return (
    ref.kind === 'GatewayClass' ||
    (ref.kind === 'Gateway' && mesh.named('Gateway', namespace, ref.name) === undefined)
  )
}

function fromSidecar(mesh: Mesh, namespace: string): Enrolment | undefined {
  const sidecar = mesh
    .workloadsAt(keys.workloads(namespace))
    .find((workload) => workload.type !== 'WorkloadEntry' && hasSidecar(workload.template))
  if (!sidecar) return undefined
  const assumption = `${namespaceLabel(namespace)} uses sidecars, because "${sidecar.name}" there has one`
  return assuming('sidecar', assumption, {
    resource: sidecar,
    path: ['metadata', 'name'],
    message: 'A workload with a sidecar.',
  })
}

function hasSidecar(pod: PodTemplate): boolean {
  return (
    pod.labels?.[INJECT] === 'true' ||
    pod.annotations?.[INJECT] === 'true' ||
    pod.annotations?.[SIDECAR_STATUS] !== undefined ||
    pod.containers.includes('istio-proxy')
  )
}

function fromInstall(mesh: Mesh, namespace: string): Enrolment | undefined {
  const where = namespaceLabel(namespace)
  const { install } = mesh.settings
  if (install === 'sidecar')
    return assuming(
      'sidecar',
      `${where} uses sidecars, because the install in these files is not ambient`,
    )
  return install === 'ambient' && !isNeverAssumed(mesh, namespace)
    ? assuming('ambient', `${where} is ambient, because the install in these files is`)
    : undefined
}

/** Without the setting `all`, which a person writes for a mesh that is enrolled elsewhere. */
function fromNeighbours(mesh: Mesh, namespace: string): Enrolment | undefined {
  const injected =
    mesh.userSettings.assumeAmbient === 'all' ? undefined : mesh.get(onlySidecarNamespace, '')
  if (!injected) return undefined
  const [evidence] = enrolmentByLabels(injected)?.evidence ?? []
  return assuming(
    'sidecar',
    `${namespaceLabel(namespace)} uses sidecars, because every labelled namespace in these files does`,
    evidence,
  )
}

/**
 * A namespace with injection, where the files show only sidecars: a Namespace is injected, none is in
 * ambient mode and there is no waypoint.
 */
const onlySidecarNamespace = query(
  'only sidecar namespace',
  (mesh, _: ''): Namespace | undefined => {
    const namespaces = mesh.all('Namespace')
    const modes = new Set(namespaces.map((other) => enrolmentByLabels(other)?.mode))
    if (!modes.has('sidecar') || modes.has('ambient') || modes.has('unknown')) return undefined
    if (namespaces.some(({ labels }) => labels?.[DATAPLANE_MODE] === 'ambient')) return undefined
    return mesh.all('Gateway').some(({ gatewayClassName }) => isWaypointClass(gatewayClassName))
      ? undefined
      : namespaces.find(injects)
  },
)

function fromSetting(mesh: Mesh, namespace: string): Enrolment {
  if (
    mesh.userSettings.assumeAmbient === 'none' ||
    namespace === mesh.settings.rootNamespace ||
    isNeverAssumed(mesh, namespace)
  )
    return NOT_KNOWN
  return {
    mode: 'ambient',
    certainty: assumed(`${namespaceLabel(namespace)} is ambient`, 'assumeAmbient'),
    evidence: [],
  }
}

/**
 * Namespaces that no assumption covers: those that the CNI excludes, and those with only gateways. A
 * Gateway of Istio's own API makes no pods.
 */
function isNeverAssumed(mesh: Mesh, namespace: string): boolean {
  if (mesh.settings.cniExcludeNamespaces.includes(namespace)) return true
  const workloads = mesh.workloadsAt(keys.workloads(namespace))
  const gateways = mesh.inNamespace('Gateway', namespace).length
  const onlyGatewayPods = workloads.every((workload) => isGatewayPod(podLabels(workload)))
  return (
    onlyGatewayPods &&
    (workloads.length > 0 || (gateways > 0 && mesh.inNamespace('Service', namespace).length === 0))
  )
}

function assuming(mode: EnrolmentMode, assumption: string, evidence?: Evidence): Enrolment {
  return { mode, certainty: assumed(assumption), evidence: evidence ? [evidence] : [] }
}
