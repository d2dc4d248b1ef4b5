import { keys } from '../inventory/indexKeys.js'
import type { Workload } from '../inventory/workloads.js'
import { matchesLabelSelector } from '../resources/labelSelector.js'
import type { Namespace } from '../resources/namespace.js'
import { namespaceLabel } from '../resources/namespaceId.js'
import type { Labels } from '../resources/resource.js'
import { isPlaceholder } from '../yaml/placeholder.js'
import { assumed, CERTAIN, UNKNOWN, type Evidence, type KnownCertainty } from './certainty.js'
import { isGatewayPod, isWaypointClass } from './gatewayClass.js'
import { query, type Mesh } from './mesh.js'
import { DATAPLANE_MODE, INJECT, INJECTION, METADATA_NAME, REVISION } from '../vocabulary/labels.js'
import { SIDECAR_STATUS } from '../vocabulary/annotations.js'

/** Namespaces whose pods are never injected (`inject.go` IgnoredNamespaces). */
const NEVER_INJECTED = ['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage']

/** Which proxy enforces policies at a pod: ztunnel, a sidecar, or none. */
type EnrolmentMode = 'ambient' | 'sidecar' | 'none'

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

const UNDECIDED: Enrolment = { mode: 'unknown', certainty: UNKNOWN, evidence: [] }

/** The Namespace object, where the files have exactly one definition of it or definitions with equal labels. */
export const namespaceObject = query(
  'namespace object',
  (mesh, namespace: string): Namespace | undefined => {
    const found = mesh.at('Namespace', keys.named('Namespace', '', namespace))
    const [first] = found
    return found.every((other) => sameMeshLabels(first?.labels, other.labels)) ? first : undefined
  },
)

function sameMeshLabels(a: Labels | undefined, b: Labels | undefined): boolean {
  return Object.keys({ ...a, ...b }).every((key) => !key.includes('istio') || a?.[key] === b?.[key])
}

/**
 * The labels of a namespace as far as they may be used: undefined where they are unknown, because no Namespace object tells them or because
 * somebody seems to label namespaces elsewhere (docs/knowledge.md §3).
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

/** Enrolment of a namespace's pods, where the pods say nothing themselves (docs/semantics.md §1, docs/knowledge.md §3). */
export const namespaceEnrolment = query(
  'namespace enrolment',
  (mesh, namespace: string): Enrolment => {
    const object = mesh.get(namespaceObject, namespace)
    const labelled = object && fromLabels(object)
    if (labelled) return labelled
    if (mesh.world === 'closed')
      return { mode: 'none', certainty: CERTAIN, evidence: object ? [describes(object)] : [] }
    const root = mesh.settings.rootNamespace
    if (
      object &&
      mesh.userSettings.assumeAmbient !== 'all' &&
      mesh.all('Namespace').some((other) => fromLabels(other) !== undefined)
    ) {
      return { mode: 'none', certainty: CERTAIN, evidence: [describes(object)] }
    }
    return fromEvidence(mesh, namespace) ?? fromSetting(mesh, namespace, root)
  },
)

function describes(namespace: Namespace): Evidence {
  return {
    resource: namespace,
    path: ['metadata', 'name'],
    message: `Namespace "${namespace.name}" has no ${DATAPLANE_MODE} label.`,
  }
}

function fromLabels(namespace: Namespace): Enrolment | undefined {
  const { labels } = namespace
  const evidence = (label: string): Evidence[] => [
    {
      resource: namespace,
      path: ['metadata', 'labels', label],
      message: `Namespace "${namespace.name}" has ${label}: ${labels?.[label] ?? ''}.`,
    },
  ]
  for (const label of [INJECTION, REVISION, DATAPLANE_MODE])
    if (isPlaceholder(labels?.[label] ?? '')) return { ...UNDECIDED, evidence: evidence(label) }
  if (injects(namespace))
    return {
      mode: 'sidecar',
      certainty: CERTAIN,
      evidence: evidence(labels?.[INJECTION] === undefined ? REVISION : INJECTION),
    }
  const mode = labels?.[DATAPLANE_MODE]
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

/** Whether the injection webhooks select the namespace (`mutatingwebhook.yaml`); they do not look at the data-plane mode. */
function injects(namespace: Namespace): boolean {
  if (NEVER_INJECTED.includes(namespace.name)) return false
  const injection = namespace.labels?.[INJECTION]
  return injection === undefined
    ? namespace.labels?.[REVISION] !== undefined
    : injection === 'enabled'
}

function fromEvidence(mesh: Mesh, namespace: string): Enrolment | undefined {
  const where = namespaceLabel(namespace)
  const waypoint = mesh
    .inNamespace('Gateway', namespace)
    .find((gateway) => isWaypointClass(gateway.gatewayClassName))
  if (waypoint) {
    return taken('ambient', `${where} is ambient, because it has the waypoint "${waypoint.name}"`, {
      resource: waypoint,
      path: ['metadata', 'name'],
      message: 'A waypoint of this namespace.',
    })
  }
  const targeting = mesh
    .inNamespace('AuthorizationPolicy', namespace)
    .find((policy) => policy.targetRefs.some((ref) => isWaypointReference(mesh, namespace, ref)))
  if (targeting) {
    return taken(
      'ambient',
      `${where} is ambient, because the policy "${targeting.name}" there targets a waypoint`,
      {
        resource: targeting,
        path: ['spec', 'targetRefs'],
        message: 'A policy that targets a waypoint.',
      },
    )
  }
  const sidecar = mesh
    .workloadsAt(keys.workloads(namespace))
    .find((workload) => workload.type !== 'WorkloadEntry' && wantsSidecar(workload.template))
  if (sidecar) {
    return taken('sidecar', `${where} uses sidecars, because "${sidecar.name}" there has one`, {
      resource: sidecar,
      path: ['metadata', 'name'],
      message: 'A workload with a sidecar.',
    })
  }
  const install = mesh.settings.install
  if (install === 'sidecar')
    return taken(
      'sidecar',
      `${where} uses sidecars, because the install in these files is not ambient`,
    )
  return install === 'ambient' && !isNeverAssumed(mesh, namespace)
    ? taken('ambient', `${where} is ambient, because the install in these files is`)
    : undefined
}

function isWaypointReference(
  mesh: Mesh,
  namespace: string,
  ref: { readonly kind: string; readonly name: string },
): boolean {
  if (ref.kind === 'GatewayClass') return true
  if (ref.kind !== 'Gateway') return false
  // A waypoint that is here is evidence itself, and any other Gateway is none.
  return mesh.named('Gateway', namespace, ref.name) === undefined
}

function fromSetting(mesh: Mesh, namespace: string, rootNamespace: string): Enrolment {
  if (
    mesh.userSettings.assumeAmbient === 'none' ||
    namespace === rootNamespace ||
    isNeverAssumed(mesh, namespace)
  )
    return UNDECIDED
  return {
    mode: 'ambient',
    certainty: assumed(`${namespaceLabel(namespace)} is ambient`, 'assumeAmbient'),
    evidence: [],
  }
}

/** Namespaces that the setting never covers: those the CNI leaves out and those that hold only gateways. */
function isNeverAssumed(mesh: Mesh, namespace: string): boolean {
  if (mesh.settings.cniExcludeNamespaces.includes(namespace)) return true
  const workloads = mesh.workloadsAt(keys.workloads(namespace))
  const gateways =
    mesh.inNamespace('Gateway', namespace).length +
    mesh.inNamespace('Gateway.networking.istio.io', namespace).length
  const onlyGatewayPods = workloads.every((workload) => isGatewayPod(podLabels(workload)))
  return (
    onlyGatewayPods &&
    (workloads.length > 0 || (gateways > 0 && mesh.inNamespace('Service', namespace).length === 0))
  )
}

function taken(mode: EnrolmentMode, assumption: string, evidence?: Evidence): Enrolment {
  return { mode, certainty: assumed(assumption), evidence: evidence ? [evidence] : [] }
}

interface PodMetadata {
  readonly labels: Labels | undefined
  readonly annotations: Labels | undefined
  readonly containers: readonly string[]
}

function wantsSidecar(pod: PodMetadata): boolean {
  return (
    pod.labels?.[INJECT] === 'true' ||
    pod.annotations?.[INJECT] === 'true' ||
    pod.annotations?.[SIDECAR_STATUS] !== undefined ||
    pod.containers.includes('istio-proxy')
  )
}

/** Labels of a workload's pods, or of a WorkloadEntry. */
export function podLabels(workload: Workload): Labels | undefined {
  return workload.type === 'WorkloadEntry' ? workload.workloadLabels : workload.template.labels
}

export function serviceAccountOf(workload: Workload): string {
  return workload.type === 'WorkloadEntry'
    ? workload.serviceAccount
    : workload.template.serviceAccountName
}

/** Who enforces at a workload's pods, and why (docs/semantics.md §1.1, §1.2). */
export const enrolmentOf = query('enrolment', (mesh, workload: Workload): Enrolment => {
  if (workload.type === 'WorkloadEntry')
    return certainly(
      'none',
      workload,
      ['kind'],
      'A WorkloadEntry is no pod: ztunnel does not capture it.',
    )
  const { template, templatePath } = workload
  if (template.hostNetwork)
    return certainly(
      'none',
      workload,
      [...templatePath, 'spec', 'hostNetwork'],
      'A pod on the host network is never captured.',
    )
  if (template.annotations?.[SIDECAR_STATUS] !== undefined)
    return certainly(
      'sidecar',
      workload,
      [...templatePath, 'metadata', 'annotations', SIDECAR_STATUS],
      'The pod has a sidecar.',
    )
  if (workload.terminated)
    return certainly('none', workload, ['status', 'phase'], 'The pod has ended.')
  const label = (name: string): string | undefined => template.labels?.[name]
  const labelPath = (name: string): readonly string[] => ['metadata', 'labels', name]
  const at = (name: string): (string | number)[] => [...templatePath, ...labelPath(name)]
  const inject = label(INJECT) ?? template.annotations?.[INJECT]
  const namespace = mesh.get(namespaceEnrolment, workload.namespace)
  if (inject !== 'false') {
    if (
      label(INJECT) === 'true' &&
      mesh.get(namespaceObject, workload.namespace)?.labels?.[INJECTION] !== 'disabled'
    )
      return certainly('sidecar', workload, at(INJECT), 'The pod asks for a sidecar.')
    if (namespace.mode === 'sidecar' && namespace.certainty.level === 'certain') return namespace
  }
  if (mesh.settings.cniExcludeNamespaces.includes(workload.namespace)) {
    return certainly(
      'none',
      workload,
      ['metadata', 'namespace'],
      `The CNI leaves out namespace "${workload.namespace}".`,
    )
  }
  const mode = label(DATAPLANE_MODE)
  if (mode === 'ambient' || mode === 'none')
    return certainly(mode, workload, at(DATAPLANE_MODE), `The pod has ${DATAPLANE_MODE}: ${mode}.`)
  if (isPlaceholder(mode ?? '')) return UNDECIDED
  if (namespace.mode === 'sidecar')
    return ambientBesideInjection(mesh, workload.namespace)
      ? { ...namespace, mode: 'ambient' }
      : { ...namespace, mode: inject === 'false' ? 'none' : 'sidecar' }
  return namespace
})

/** Whether a namespace that injects also has the ambient label, which counts for pods that refuse injection. */
function ambientBesideInjection(mesh: Mesh, namespace: string): boolean {
  return mesh.get(namespaceObject, namespace)?.labels?.[DATAPLANE_MODE] === 'ambient'
}

function certainly(
  mode: EnrolmentMode,
  resource: Workload,
  path: Evidence['path'],
  message: string,
): Enrolment {
  return { mode, certainty: CERTAIN, evidence: [{ resource, path, message }] }
}

/** Whether istiod sees a namespace at all (`meshConfig.discoverySelectors`, docs/semantics.md §1.7). Unknown labels count as seen. */
export const isDiscovered = query('discovered', (mesh, namespace: string): boolean => {
  const selectors = mesh.settings.discoverySelectors
  const object = mesh.get(namespaceObject, namespace)
  if (selectors === undefined || selectors.length === 0 || !object) return true
  const labels = { ...object.labels, [METADATA_NAME]: namespace }
  return selectors.some((selector) => matchesLabelSelector(selector, labels))
})
