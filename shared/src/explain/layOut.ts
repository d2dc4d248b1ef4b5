import type {
  AuthorizationPolicyExplanation,
  EnforcedBy,
  EnforcementRow,
  EnforcementTarget,
  EnrolmentExplanation,
  Explanation,
  PeerAuthenticationExplanation,
  AppliedPolicyExplanation,
  PortMutualTls,
  RuleExplanation,
  ServiceAccountExplanation,
  StatusExplanation,
  SubjectExplanation,
  WaypointExplanation,
} from './explanation.js'

/** A part of a page, in plain text. The renderers decide how it looks. */
export type Block =
  | {
      readonly type: 'title'
      readonly kind: string
      readonly name: string
      readonly summary: string
    }
  | { readonly type: 'table'; readonly columns: readonly string[]; readonly rows: readonly Row[] }
  | { readonly type: 'list'; readonly title: string | undefined; readonly items: readonly Item[] }

export interface Row {
  readonly cells: readonly string[]
  readonly mark: 'yes' | 'maybe' | 'no'
}

export interface Item {
  readonly label?: string
  readonly text: string
}

/** Limit of items in a list. */
const MAX_ITEMS = 8

/** The blocks of an explanation, from top to bottom, without empty ones. */
export function layOut(explanation: Explanation): Block[] {
  const name =
    explanation.namespace === null
      ? explanation.name
      : `${explanation.namespace}/${explanation.name}`
  const title: Block = { type: 'title', kind: explanation.kind, name, summary: explanation.summary }
  const ends = [
    list('Assumptions', explanation.assumptions.map(asItem)),
    list('Not known from these files', explanation.unknowns.map(asItem)),
  ]
  return [title, ...bodyOf(explanation), ...ends].filter((block) =>
    block.type === 'list'
      ? block.items.length > 0
      : block.type === 'title' || block.rows.length > 0,
  )
}

function bodyOf(explanation: Explanation): Block[] {
  switch (explanation.kind) {
    case 'AuthorizationPolicy':
      return policyBlocks(explanation)
    case 'PeerAuthentication':
      return peerBlocks(explanation)
    case 'ServiceAccount':
      return accountBlocks(explanation)
    default:
      return subjectBlocks(explanation)
  }
}

function policyBlocks({
  rows,
  targets,
  effect,
  rules,
  status,
}: AuthorizationPolicyExplanation): Block[] {
  return [
    {
      type: 'table',
      columns: ['Attachment', 'Scope', 'Waypoint', 'Enforced by', 'Source identity'],
      rows: rows.map(enforcementRow),
    },
    list(undefined, limited(targets.map(targetItem))),
    list('Effect', effect.map(asItem)),
    list(
      'Rules at ztunnel',
      !isSeenByZtunnel(targets)
        ? []
        : rules.filter(({ ztunnel }) => ztunnel !== 'kept' && ztunnel !== 'not sent').map(ruleItem),
    ),
    list('Predicted status', statusItems(status)),
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

function peerBlocks({ workloads, effect }: PeerAuthenticationExplanation): Block[] {
  const rows = workloads.flatMap(({ name, ports }) =>
    ports.map((port): Row => ({
      cells: [name, portInWords(port, ports.length), port.mode, port.why],
      mark: 'no',
    })),
  )
  return [
    list('Effect', effect.map(asItem)),
    { type: 'table', columns: ['Workload', 'Port', 'mTLS', 'Why'], rows: limitedRows(rows) },
  ]
}

function portInWords({ port }: PortMutualTls, rows: number): string {
  if (port !== null) return String(port)
  return rows === 1 ? 'all ports' : 'other ports'
}

const ENROLMENT_WORDS: Readonly<Record<EnrolmentExplanation['mode'], string>> = {
  ambient: 'ambient',
  sidecar: 'sidecar',
  none: 'not in the mesh',
  unknown: 'enrolment unknown',
}

function accountBlocks({ principal, usedBy, namedBy }: ServiceAccountExplanation): Block[] {
  return [
    list(undefined, [{ label: 'Principal', text: principal }]),
    list(
      'Used by',
      limited(
        usedBy.map(({ kind, name, enrolment }) => ({
          text: `${kind} ${name}${kind === 'Gateway' ? '' : ` (${ENROLMENT_WORDS[enrolment]})`}`,
        })),
      ),
    ),
    list(
      'Used in',
      limited(namedBy.map(({ name, action, how }) => ({ text: `${name} (${action}): ${how}` }))),
    ),
  ]
}

function subjectBlocks({
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

function statusItems(status: StatusExplanation | null): Item[] {
  return status
    ? [{ label: status.type, text: `${status.status}, ${status.reason}: ${status.message}` }]
    : []
}

function list(title: string | undefined, items: readonly Item[]): Block {
  return { type: 'list', title, items }
}

function asItem(text: string): Item {
  return { text }
}

function limited(items: readonly Item[]): Item[] {
  return items.length > MAX_ITEMS
    ? [
        ...items.slice(0, MAX_ITEMS - 1),
        { text: `and ${String(items.length - MAX_ITEMS + 1)} more` },
      ]
    : [...items]
}

function limitedRows(rows: readonly Row[]): Row[] {
  const limit = 2 * MAX_ITEMS
  const [first] = rows
  if (rows.length <= limit || !first) return [...rows]
  return [
    ...rows.slice(0, limit - 1),
    {
      cells: first.cells.map((_, at) =>
        at === 0 ? `and ${String(rows.length - limit + 1)} more` : '',
      ),
      mark: 'no',
    },
  ]
}

function limitedNames(names: readonly string[]): string {
  return names.length > MAX_ITEMS
    ? `${names.slice(0, MAX_ITEMS - 1).join(', ')} and ${String(names.length - MAX_ITEMS + 1)} more`
    : names.join(', ')
}
