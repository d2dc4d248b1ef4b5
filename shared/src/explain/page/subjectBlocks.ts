import type {
  AppliedPolicyExplanation,
  EnforcedBy,
  SubjectExplanation,
  WaypointExplanation,
} from '../explanation.js'
import {
  limitedNames,
  limitedRows,
  list,
  statusItems,
  type Block,
  type Item,
  type Row,
} from './blocks.js'

export function subjectBlocks({
  enrolment,
  waypoint,
  mutualTls,
  members,
  policies,
  facts,
  status,
}: SubjectExplanation): Block[] {
  const items: Item[] = [
    ...(enrolment
      ? [
          {
            label: 'Enrolment',
            text: `${enrolment.mode === 'none' ? 'not in the mesh' : enrolment.mode} (${enrolment.why})`,
          },
        ]
      : []),
    ...(waypoint
      ? [
          {
            label: 'Waypoint',
            text: `${waypointTitle(waypoint)} (${waypoint.why})`,
          },
        ]
      : []),
    ...mutualTls.map((port) => ({
      label: port.port === null ? 'mTLS' : `mTLS on port ${String(port.port)}`,
      text: `${port.mode === 'UNKNOWN' ? 'unknown' : `${port.mode} (${port.level})`}: ${port.why}`,
    })),
    ...(members ? [{ label: members.label, text: limitedNames(members.names) }] : []),
    ...facts.map((text) => ({ text })),
  ]
  return [
    list(undefined, items),
    {
      type: 'table',
      columns: ['Policy', 'Action', 'Enforced by', 'Sees', 'Why'],
      rows: limitedRows(policies.map(policyRow)),
    },
    list('Predicted status', statusItems(status)),
  ]
}

function waypointTitle({ status, name }: WaypointExplanation): string {
  if (status === 'bound') return name ?? ''
  return status === 'error' ? `none, ${name ?? ''} cannot be used` : status
}

function policyRow({
  kind,
  name,
  action,
  enforcedBy,
  enforcer,
  sourceIdentity,
  why,
}: AppliedPolicyExplanation): Row {
  const policy = kind === 'AuthorizationPolicy' ? name : `${kind} ${name}`
  return {
    cells: [policy, action, enforcerInWords(enforcedBy, enforcer), sourceIdentity ?? '–', why],
    mark: 'no',
  }
}

function enforcerInWords(enforcedBy: EnforcedBy, enforcer: string | null): string {
  if (enforcedBy === 'nobody') return 'not enforced'
  return enforcer === null ? enforcedBy : `${enforcedBy} ${enforcer}`
}
