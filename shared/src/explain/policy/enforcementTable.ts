import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { EnforcementRow, WaypointExplanation } from '../explanation.js'
import { isUnseen, type PolicyTarget } from './target.js'

/**
 * The enforcement table of Istio's documentation (istio.io, ambient mode, "Use Layer 4 security policy"). It is about
 * traffic from a client in the mesh to a Service; other traffic does not use a service waypoint.
 */
const ENFORCEMENT_TABLE: readonly Omit<EnforcementRow, 'marked' | 'possible'>[] = [
  {
    attachment: 'selector',
    scope: 'Pod',
    waypoint: 'no',
    enforcedBy: 'destination ztunnel',
    sourceIdentity: 'client',
  },
  {
    attachment: 'selector',
    scope: 'Pod',
    waypoint: 'yes',
    enforcedBy: 'destination ztunnel',
    sourceIdentity: 'waypoint',
  },
  {
    attachment: 'none',
    scope: 'Namespace',
    waypoint: 'no',
    enforcedBy: 'destination ztunnel',
    sourceIdentity: 'client',
  },
  {
    attachment: 'none',
    scope: 'Namespace',
    waypoint: 'yes',
    enforcedBy: 'destination ztunnel',
    sourceIdentity: 'waypoint',
  },
  {
    attachment: 'targetRefs',
    scope: 'Service',
    waypoint: 'yes',
    enforcedBy: 'waypoint',
    sourceIdentity: 'client',
  },
  {
    attachment: 'targetRefs',
    scope: 'Gateway',
    waypoint: 'yes',
    enforcedBy: 'waypoint',
    sourceIdentity: 'client',
  },
]

type Row = (typeof ENFORCEMENT_TABLE)[number]

/** The enforcement table, with the rows for a policy marked. */
export function rowsOf(
  policy: AuthorizationPolicy,
  targets: readonly PolicyTarget[],
): EnforcementRow[] {
  const attachment =
    policy.targetRefs.length > 0 ? 'targetRefs' : policy.selector ? 'selector' : 'none'
  return ENFORCEMENT_TABLE.map((row) => {
    const matching =
      row.attachment === attachment ? targets.filter((target) => matchesScope(row, target)) : []
    const marked = matching.some(
      ({ enforcedBy, waypoint }) => enforcedBy === row.enforcedBy && applies(row, waypoint.status),
    )
    return { ...row, marked, possible: !marked && matching.some(mayApply(row)) }
  })
}

function matchesScope(row: Row, target: PolicyTarget): boolean {
  if (row.attachment !== 'targetRefs' || isUnseen(target)) return true
  return row.scope === 'Gateway'
    ? target.kind === 'Gateway' || target.kind === 'GatewayClass'
    : target.kind === 'Service' || target.kind === 'ServiceEntry'
}

function applies(row: Row, status: WaypointExplanation['status']): boolean {
  return row.waypoint === 'yes' ? status === 'bound' : status === 'none' || status === 'error'
}

function mayApply(row: Row): (target: PolicyTarget) => boolean {
  return ({ enforcedBy, waypoint }) =>
    (enforcedBy === row.enforcedBy && waypoint.status === 'unknown') ||
    (enforcedBy === 'unknown' && (waypoint.status === 'unknown' || applies(row, waypoint.status)))
}
