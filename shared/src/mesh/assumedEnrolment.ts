import { keys } from '../inventory/indexKeys.js'
import type { Namespace } from '../resources/namespace.js'
import { namespaceLabel } from '../resources/namespaceId.js'
import type { PodTemplate } from '../resources/workload.js'
import { SIDECAR_STATUS } from '../vocabulary/annotations.js'
import { DATAPLANE_MODE, INJECT } from '../vocabulary/labels.js'
import { assumed, type Evidence } from './certainty.js'
import {
  enrolmentByLabels,
  injects,
  NOT_KNOWN,
  type Enrolment,
  type EnrolmentMode,
} from './enrolmentByLabels.js'
import { isGatewayPod, isWaypointClass } from './gatewayClass.js'
import { query, type Mesh } from './mesh.js'
import { podLabels } from './pods.js'

/** What other objects of the files show about a namespace without a label. */
export function fromEvidence(mesh: Mesh, namespace: string): Enrolment | undefined {
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
export function fromNeighbours(mesh: Mesh, namespace: string): Enrolment | undefined {
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

/** What the setting `assumeAmbient` says where the files show nothing. */
export function fromSetting(mesh: Mesh, namespace: string): Enrolment {
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
