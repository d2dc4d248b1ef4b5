import { keys } from '../../inventory/indexKeys.js'
import { assumed, type KnownCertainty, type Evidence } from '../../mesh/certainty.js'
import { enrolmentOf } from '../../mesh/enrolment.js'
import { namespaceEnrolment } from '../../mesh/namespaceEnrolment.js'
import { isRead } from '../../mesh/discovery.js'
import { podLabels } from '../../mesh/pods.js'
import { classRole, isGatewayPod } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import { proxiesWith, selectsProxies } from '../../mesh/gatewayPods.js'
import { selectWorkloads } from '../../mesh/services.js'
import { waypointOfService } from '../../mesh/waypoints.js'
import type { Workload } from '../../inventory/workloads.js'
import type { RequestAuthentication } from '../../resources/requestAuthentication.js'
import { isEmptyLabels } from '../../resources/selector.js'
import { isExternalName, type Service } from '../../resources/service.js'
import type { ServiceEntry } from '../../resources/serviceEntry.js'
import type { Telemetry } from '../../resources/telemetry.js'
import type { WasmPlugin } from '../../resources/wasmPlugin.js'
import { capturedAmong, hasPlaceholder, type Coverage } from '../support/coverage.js'

/** A resource that only Envoy supports, attached like a policy. */
export type Extension = RequestAuthentication | Telemetry | WasmPlugin

/**
 * The captured workloads on which an extension without targetRefs has no effect: waypoints do not use it
 * because of its selector or namespace (docs/semantics.md §3.2), except a Telemetry for a whole namespace.
 * Undefined where a sidecar or a gateway may use it, or where this is not known.
 */
export function workloadsWithoutEffect(mesh: Mesh, extension: Extension): Coverage | undefined {
  const labels = extension.selector?.matchLabels
  if (!isRead(mesh, extension) || selectsProxies(mesh, extension) || hasPlaceholder(labels))
    return undefined
  const inRoot = extension.namespace === mesh.settings.rootNamespace
  const covered = selectWorkloads(mesh, labels, inRoot ? undefined : extension.namespace)
  if (covered.some((workload) => mayUseExtension(mesh, workload))) return undefined
  const coverage = capturedAmong(mesh, covered, inRoot ? undefined : extension.namespace)
  if (!coverage || !isEmptyLabels(labels)) return coverage
  if (coverage.certainty.level !== 'certain') return undefined
  if (!inRoot) return hasProxies(mesh, extension.namespace, extension) ? undefined : coverage
  return hasProxiesAnywhere(mesh) || extension.type === 'Telemetry'
    ? undefined
    : {
        ...coverage,
        certainty: assumed('the mesh has no sidecar and no gateway outside these files'),
      }
}

/** Whether a workload has a sidecar or is a gateway. Pods of a waypoint are neither. */
function mayUseExtension(mesh: Mesh, workload: Workload): boolean {
  const labels = podLabels(workload)
  if (proxiesWith(mesh, labels, workload.namespace) === 'waypoints') return false
  return isGatewayPod(labels) || mesh.get(enrolmentOf, workload).mode === 'sidecar'
}

/** Whether the namespace has gateways or, for a Telemetry, waypoints that use an extension for the whole namespace. */
function hasProxies(mesh: Mesh, namespace: string, extension: Extension): boolean {
  if (mesh.hasOpaque('Gateway')) return true
  const roles = mesh
    .inNamespace('Gateway', namespace)
    .map(({ gatewayClassName }) => mesh.get(classRole, gatewayClassName))
  if (extension.type !== 'Telemetry') return roles.some((role) => role !== 'waypoint')
  return (
    roles.length > 0 ||
    [
      ...mesh.inNamespace('Service', namespace),
      ...mesh.inNamespace('ServiceEntry', namespace),
    ].some((service) => !['none', 'error'].includes(mesh.get(waypointOfService, service).status))
  )
}

function hasProxiesAnywhere(mesh: Mesh): boolean {
  if (mesh.hasOpaque('Gateway') || mesh.all('Gateway.networking.istio.io').length > 0) return true
  if (
    mesh
      .all('Gateway')
      .some(({ gatewayClassName }) => mesh.get(classRole, gatewayClassName) !== 'waypoint')
  )
    return true
  return (
    mesh.workloadsAt(keys.allWorkloads()).some((workload) => mayUseExtension(mesh, workload)) ||
    mesh.all('Namespace').some(({ name }) => mesh.get(namespaceEnrolment, name).mode === 'sidecar')
  )
}

/** A Service or ServiceEntry of an ambient namespace that certainly has no waypoint. */
interface TargetWithoutWaypoint {
  readonly target: Service | ServiceEntry
  readonly certainty: KnownCertainty
  readonly evidence: readonly Evidence[]
}

export function targetWithoutWaypoint(
  mesh: Mesh,
  target: Service | ServiceEntry | undefined,
): TargetWithoutWaypoint | undefined {
  if (!target || isExternalName(target)) return undefined
  const enrolment = mesh.get(namespaceEnrolment, target.namespace)
  if (enrolment.mode !== 'ambient' || enrolment.certainty.level !== 'certain') return undefined
  const binding = mesh.get(waypointOfService, target)
  if (binding.status !== 'none' && binding.status !== 'error') return undefined
  const reasons =
    binding.status === 'error'
      ? [
          {
            resource: binding.choice.resource,
            path: binding.choice.path,
            message: `This label names a waypoint that cannot be used (${binding.reason}).`,
          },
        ]
      : enrolment.evidence
  return {
    target,
    certainty: binding.certainty,
    evidence: [
      {
        resource: target,
        path: ['metadata', 'name'],
        message: `The ${target.type} "${target.name}".`,
      },
      ...reasons,
    ],
  }
}
