import type {
  AuthorizationPolicyExplanation,
  EnforcementRow,
  EnforcementTarget,
  RuleExplanation,
  WaypointExplanation,
} from '../explanation.js'
import { asItem, limited, list, statusItems, type Block, type Item, type Row } from './blocks.js'

export function policyBlocks({
  rows,
  targets,
  effect,
  rules,
  status,
}: AuthorizationPolicyExplanation): Block[] {
  return [
    list('Effect', effect.map(asItem)),
    list('Enforced', limited(targets.map(targetItem))),
    list(
      'Rules at ztunnel',
      !isSeenByZtunnel(targets)
        ? []
        : rules.filter(({ ztunnel }) => ztunnel !== 'kept' && ztunnel !== 'not sent').map(ruleItem),
    ),
    list('Predicted status', statusItems(status)),
    {
      type: 'table',
      columns: ['Attachment', 'Scope', 'Waypoint', 'Enforced by', 'Source identity'],
      rows: rows.map(enforcementRow),
    },
  ]
}

/** False if every known target is enforced by another proxy. */
function isSeenByZtunnel(targets: readonly EnforcementTarget[]): boolean {
  return (
    targets.length === 0 ||
    targets.some(
      ({ enforcedBy }) => enforcedBy === 'destination ztunnel' || enforcedBy === 'unknown',
    )
  )
}

function enforcementRow(row: EnforcementRow): Row {
  return {
    cells: [row.attachment, row.scope, row.waypoint, row.enforcedBy, row.sourceIdentity],
    mark: row.marked ? 'yes' : row.possible ? 'maybe' : 'no',
  }
}

function targetItem({
  kind,
  name,
  waypoint,
  enforcedBy,
  enforcer,
  sourceIdentity,
  why,
}: EnforcementTarget): Item {
  const label = `${kind} ${name}`
  if (enforcedBy === 'nobody') return { label, text: `not enforced: ${why}` }
  if (enforcedBy === 'unknown') return { label, text: `unknown: ${why}` }
  const who = enforcer === null || enforcer === name ? enforcedBy : `${enforcedBy} ${enforcer}`
  const seen =
    sourceIdentity === 'unknown'
      ? 'sees the client or a waypoint (not known which)'
      : `sees ${sourceIdentity === 'client' ? 'the client' : sourceIdentity}`
  const path = enforcedBy === 'destination ztunnel' ? ` (${waypointInWords(waypoint)})` : ''
  return { label, text: `${who} ${seen}${path}` }
}

function waypointInWords({ status, name }: WaypointExplanation): string {
  switch (status) {
    case 'bound':
      return `behind waypoint ${name ?? ''}`
    case 'none':
      return 'no waypoint'
    case 'error':
      return `waypoint ${name ?? ''} cannot be used`
    case 'unknown':
      return 'waypoint unknown'
  }
}

function ruleItem({ index, ztunnel, note }: RuleExplanation): Item {
  return { label: `rules[${String(index)}] ${ztunnel}`, text: note }
}
