import type { Gateway } from '../resources/gateway.js'
import { qualifiedName, type Resource } from '../resources/resource.js'
import type { FieldPath } from '../yaml/node.js'
import { UNKNOWN, type Certainty, type KnownCertainty } from './certainty.js'

/** A `use-waypoint` label: the object that has it, and the Gateway that it names. */
export interface WaypointChoice {
  readonly resource: Resource
  /** Path of the label. */
  readonly path: FieldPath
  /** Namespace of the named Gateway. */
  readonly namespace: string
  readonly name: string
  /** Whether the object itself has the label, and not its namespace. */
  readonly own: boolean
}

/**
 * Why a chosen waypoint is not used, as reasons of the status condition (docs/semantics.md §2.2).
 * Traffic bypasses it in all of these cases.
 */
export type WaypointError =
  | 'WaypointIsNotReady'
  | 'AttachmentDenied'
  | 'UnsupportedTrafficType'
  | 'CrossNamespaceWaypointForbidden'

/** The waypoint of some traffic. */
export type WaypointBinding =
  | {
      readonly status: 'bound'
      readonly gateway: Gateway
      /** Undefined where no label chooses it: it is assumed to be used. */
      readonly choice: WaypointChoice | undefined
      readonly certainty: KnownCertainty
    }
  /** No label chooses a waypoint, or the label is `none`. */
  | { readonly status: 'none'; readonly certainty: KnownCertainty }
  | {
      readonly status: 'error'
      readonly reason: WaypointError
      readonly choice: WaypointChoice
      readonly gateway: Gateway | undefined
      readonly certainty: KnownCertainty
    }
  | { readonly status: 'unknown'; readonly choice: WaypointChoice | undefined }

/** How a binding as a whole is known. */
export function certaintyOf(binding: WaypointBinding): Certainty {
  return binding.status === 'unknown' ? UNKNOWN : binding.certainty
}

/** `namespace/name` of a bound waypoint; undefined for other bindings. */
export function boundName(binding: WaypointBinding): string | undefined {
  return binding.status === 'bound' ? qualifiedName(binding.gateway) : undefined
}
