import type {
  EnforcedBy,
  EnforcedTarget,
  EnforcementTarget,
  NotEnforcedTarget,
  UnknownTarget,
  WaypointExplanation,
} from '../explanation.js'

/** Workloads or gateways that the files do not show, with the proxy that would enforce a policy there. */
export interface UnseenTarget {
  readonly unseen: 'workloads' | 'gateways' | 'waypoints'
  readonly waypoint: WaypointExplanation
  readonly enforcedBy: EnforcedBy
  readonly enforcer: null
  readonly sourceIdentity: string | null
  readonly why: string
}

/** A target of a policy: enforced, not enforced, unknown, or unseen. */
export type PolicyTarget = EnforcementTarget | UnseenTarget

/** The kind and the name of an object: `Deployment`, `shop/api`. */
type TargetName = Pick<EnforcementTarget, 'kind' | 'name'>

export const IGNORED_BY_WAYPOINTS = 'waypoints ignore policies without targetRefs'

export const NO_WAYPOINT: WaypointExplanation = { status: 'none', name: null, why: '' }

/** A target where a proxy enforces the policy. It sees the client, if nothing else is given. */
export function enforced(
  { kind, name }: TargetName,
  how: Pick<EnforcedTarget, 'enforcedBy' | 'why'> & Partial<EnforcedTarget>,
): EnforcedTarget {
  return { kind, name, waypoint: NO_WAYPOINT, enforcer: null, sourceIdentity: 'client', ...how }
}

/** A target where no proxy enforces the policy. */
export function notEnforced(
  { kind, name }: TargetName,
  why: string,
  waypoint: WaypointExplanation = NO_WAYPOINT,
): NotEnforcedTarget {
  return { kind, name, waypoint, enforcedBy: 'nobody', enforcer: null, sourceIdentity: null, why }
}

/** A target for which the files do not show whether a proxy enforces the policy. */
export function unknownTarget(
  { kind, name }: TargetName,
  how: Pick<UnknownTarget, 'why' | 'waypoint'> & Partial<UnknownTarget>,
): UnknownTarget {
  return { kind, name, enforcedBy: 'unknown', enforcer: null, sourceIdentity: 'unknown', ...how }
}

export function isUnseen(target: PolicyTarget): target is UnseenTarget {
  return 'unseen' in target
}

/** The targets of kinds and names that the files show. */
export function seenTargets(targets: readonly PolicyTarget[]): EnforcementTarget[] {
  return targets.filter((target): target is EnforcementTarget => !isUnseen(target))
}
