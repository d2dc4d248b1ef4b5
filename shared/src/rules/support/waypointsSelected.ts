import { assumed, CERTAIN, type Evidence, type KnownCertainty } from '../../mesh/certainty.js'
import { describedForWorkloads } from '../../mesh/described.js'
import { classRole } from '../../mesh/gatewayClass.js'
import { gatewaysSelected, proxiesSelected, proxiesWith } from '../../mesh/gatewayPods.js'
import type { Mesh } from '../../mesh/mesh.js'
import { podLabels } from '../../mesh/pods.js'
import { selectWorkloads } from '../../mesh/services.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { Gateway } from '../../resources/gateway.js'
import type { PeerAuthentication } from '../../resources/peerAuthentication.js'
import type { RequestAuthentication } from '../../resources/requestAuthentication.js'
import type { Labels } from '../../resources/resource.js'
import type { Telemetry } from '../../resources/telemetry.js'
import type { WasmPlugin } from '../../resources/wasmPlugin.js'
import type { Fix } from '../fix.js'
import { matchesAddresses } from '../../ztunnel/attributes.js'
import { hasPlaceholder } from './coverage.js'
import { shownName } from './resourceNames.js'

/** An object that can select pods and that waypoints read by `targetRefs` alone. */
export type Targeting = AuthorizationPolicy | RequestAuthentication | Telemetry | WasmPlugin

export interface WaypointsSelected {
  /** Those of the files; empty where the labels alone show that waypoints are selected. */
  readonly gateways: readonly Gateway[]
  readonly certainty: KnownCertainty
}

/** The waypoints whose pods are all that an object selects; undefined if it may select others. */
export function waypointsSelected(
  mesh: Mesh,
  object: Targeting | PeerAuthentication,
): WaypointsSelected | undefined {
  const labels = object.selector?.matchLabels
  if (labels === undefined || hasPlaceholder(labels)) return undefined
  if ('targetRefs' in object && object.targetRefs.length > 0) return undefined
  if (mesh.get(proxiesSelected, object) !== 'waypoints') return undefined
  const gateways = mesh.get(gatewaysSelected, object)
  if (gateways.some(({ gatewayClassName }) => mesh.get(classRole, gatewayClassName) !== 'waypoint'))
    return undefined
  const namespace = object.namespace === mesh.settings.rootNamespace ? undefined : object.namespace
  const certainty = matchesNothingElse(mesh, labels, namespace)
  return certainty && { gateways, certainty }
}

/**
 * How well the files show that only proxies have the labels; undefined if another workload has them.
 * Certain for a label that only proxies have, or if the files show every workload of the namespace.
 */
function matchesNothingElse(
  mesh: Mesh,
  labels: Labels,
  namespace: string | undefined,
): KnownCertainty | undefined {
  const isOther = selectWorkloads(mesh, labels, namespace).some(
    (workload) => proxiesWith(mesh, podLabels(workload), workload.namespace) === undefined,
  )
  if (isOther) return undefined
  return proxiesWith(mesh, labels, namespace) !== undefined ||
    (namespace !== undefined && mesh.get(describedForWorkloads, namespace))
    ? CERTAIN
    : assumed('no workload outside these files has the selected labels')
}

export function waypointIsHere(gateway: Gateway): Evidence {
  return {
    resource: gateway,
    path: ['metadata', 'name'],
    message: `Waypoint "${shownName(gateway)}" is defined here.`,
  }
}

/**
 * Targets the waypoint instead of its pods, if it is one in the object's namespace. No fix for a
 * policy with IP addresses: they never match at a waypoint.
 */
export function targetWaypointInstead(object: Targeting, { gateways }: WaypointsSelected): Fix[] {
  const [gateway, ...others] = gateways
  if (!gateway || others.length > 0 || gateway.namespace !== object.namespace) return []
  if (object.type === 'AuthorizationPolicy' && object.rules.some(matchesAddresses)) return []
  return [
    {
      title: `Target the waypoint "${gateway.name}" instead`,
      preferred: true,
      safe: false,
      edits: [
        { op: 'remove', resource: object, path: ['spec', 'selector'] },
        {
          op: 'set',
          resource: object,
          path: ['spec', 'targetRefs'],
          value: [{ kind: 'Gateway', group: 'gateway.networking.k8s.io', name: gateway.name }],
        },
      ],
    },
  ]
}
