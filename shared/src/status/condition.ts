import type { Resource } from '../resources/resource.js'

/** A status condition that istiod would write. */
export interface Condition {
  readonly type:
    | 'ZtunnelAccepted'
    | 'WaypointAccepted'
    | 'istio.io/WaypointBound'
    | 'istio.io/WaypointMissing'
    | 'istio.io/VisibilityApplied'
  readonly status: 'True' | 'False'
  readonly reason: string
  readonly message: string
}

/** A condition with the object whose status has it. */
export interface PredictedCondition extends Condition {
  readonly resource: Resource
}
