import { keys } from '../inventory/indexKeys.js'
import type { FieldPath } from '../yaml/node.js'
import type { Namespace } from '../resources/namespace.js'
import type { Gateway } from '../resources/gateway.js'
import type { Service } from '../resources/service.js'
import type { ServiceEntry } from '../resources/serviceEntry.js'
import { isPlaceholder } from '../yaml/placeholder.js'
import { knowsGateways } from './described.js'
import { gatewayVisibility } from './discovery.js'
import { namespaceLabels } from './namespaceEnrolment.js'
import { namespaceObject } from './namespaces.js'
import { query, type Mesh } from './mesh.js'
import { waypointOfService } from './waypoints.js'
import type { WaypointError } from './waypointBinding.js'
import { allows, definitionsAgree, serves } from './waypointGateway.js'
import { USE_WAYPOINT_CANARY_WEIGHT } from '../vocabulary/annotations.js'
import {
  USE_WAYPOINT,
  USE_WAYPOINT_CANARY,
  USE_WAYPOINT_CANARY_NAMESPACE,
} from '../vocabulary/labels.js'
import { parsePercentage } from '../vocabulary/metadataKeys.js'
import { supports } from '../vocabulary/releases.js'

/** Why a canary waypoint is not used, as reasons of `ambient/status.go`. The first waypoint stays bound. */
export type CanaryError = 'CanarySameAsPrimary' | 'CanaryInvalidWeight' | WaypointError

type CanaryBinding =
  | { readonly status: 'none' | 'unknown' }
  /** `weight`: the percentage of connections that take the canary. */
  | { readonly status: 'bound'; readonly gateway: Gateway; readonly weight: number }
  | {
      readonly status: 'error'
      readonly reason: CanaryError
      readonly namespace: string
      readonly name: string
      /** The wrong label or annotation. */
      readonly at: CanaryField
    }

/** A field of the Service or of its Namespace. */
export interface CanaryField {
  readonly resource: Service | ServiceEntry | Namespace
  readonly path: FieldPath
}

/**
 * The canary waypoint of a Service, beside the waypoint that it is bound to (waypoints.go
 * ResolveUseWaypointCanary, buildWeightedWaypoints). The canary of the Namespace counts only where
 * the object has no `use-waypoint` label.
 */
export const canaryBinding = query(
  'canary binding',
  (mesh, service: Service | ServiceEntry): CanaryBinding => {
    const primary = mesh.get(waypointOfService, service)
    if (primary.status !== 'bound' || !supports(mesh.settings, 'canaryWaypoints'))
      return { status: 'none' }
    const choice = chosenCanary(mesh, service)
    if (!choice) return { status: 'none' }
    const { namespace, name, weight } = choice
    if ([name, namespace, choice.weightText].some(isPlaceholder)) return { status: 'unknown' }
    const error = (reason: CanaryError): CanaryBinding => ({
      status: 'error',
      reason,
      namespace,
      name,
      at: reason === 'CanaryInvalidWeight' ? choice.weightAt : choice.at,
    })
    if (namespace === primary.gateway.namespace && name === primary.gateway.name)
      return error('CanarySameAsPrimary')
    if (weight === undefined) return error('CanaryInvalidWeight')
    const visibility = mesh.get(gatewayVisibility, namespace)
    const definitions = mesh.at('Gateway', keys.named('Gateway', namespace, name))
    const [gateway] = definitions
    if (visibility === 'unknown') return { status: 'unknown' }
    if (visibility === 'hidden') return error('WaypointIsNotReady')
    if (!gateway)
      return mesh.get(knowsGateways, namespace)
        ? error('WaypointIsNotReady')
        : { status: 'unknown' }
    const allowed = allows(mesh, gateway, service.namespace)
    if (allowed === 'unknown' || !definitionsAgree(mesh, definitions, service.namespace))
      return { status: 'unknown' }
    if (!allowed) return error('AttachmentDenied')
    return serves(mesh, gateway, 'service')
      ? { status: 'bound', gateway, weight }
      : error('UnsupportedTrafficType')
  },
)

/** The canary that certainly takes some of a Service's connections. */
export function canaryOfService(mesh: Mesh, service: Service | ServiceEntry): Gateway | undefined {
  const binding = mesh.get(canaryBinding, service)
  return binding.status === 'bound' && binding.weight > 0 ? binding.gateway : undefined
}

/** The percentage of a Service's connections that certainly take its canary; 0 without one. */
export function shareOfCanary(mesh: Mesh, service: Service | ServiceEntry): number {
  const binding = mesh.get(canaryBinding, service)
  return binding.status === 'bound' ? binding.weight : 0
}

interface CanaryChoice {
  readonly namespace: string
  readonly name: string
  /** Undefined where the annotation is not a percentage. */
  readonly weight: number | undefined
  readonly weightText: string
  readonly at: CanaryField
  readonly weightAt: CanaryField
}

function chosenCanary(mesh: Mesh, service: Service | ServiceEntry): CanaryChoice | undefined {
  const object =
    service.labels?.[USE_WAYPOINT] === undefined &&
    mesh.get(namespaceLabels, service.namespace) !== undefined
      ? mesh.get(namespaceObject, service.namespace)
      : undefined
  const from = [service, object].find((each) => each?.labels?.[USE_WAYPOINT_CANARY] !== undefined)
  const name = from?.labels?.[USE_WAYPOINT_CANARY]
  if (from === undefined || name === undefined || name === '' || name === 'none') return undefined
  const weighted =
    [service, object].find(
      (each) => each?.annotations?.[USE_WAYPOINT_CANARY_WEIGHT] !== undefined,
    ) ?? from
  const weightText = weighted.annotations?.[USE_WAYPOINT_CANARY_WEIGHT] ?? '0'
  return {
    namespace: from.labels?.[USE_WAYPOINT_CANARY_NAMESPACE] ?? service.namespace,
    name,
    weight: parsePercentage(weightText),
    weightText,
    at: { resource: from, path: ['metadata', 'labels', USE_WAYPOINT_CANARY] },
    weightAt: {
      resource: weighted,
      path: ['metadata', 'annotations', USE_WAYPOINT_CANARY_WEIGHT],
    },
  }
}
