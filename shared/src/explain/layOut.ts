import type {
  AuthorizationPolicyExplanation,
  EnforcementRow,
  EnforcementTarget,
  Explanation,
  PeerAuthenticationExplanation,
  PolicyInForceExplanation,
  PortMutualTls,
  RuleExplanation,
  ServiceAccountExplanation,
  StatusExplanation,
  SubjectExplanation,
  WaypointExplanation,
} from './explanation.js'

/** A part of a page, in plain text; how it looks is the renderers' affair. */
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

const MOST = 8

/** The page of an explanation, from top to bottom. Empty parts are left out. */
export function layOut(explanation: Explanation): Block[] {
  const name =
    explanation.namespace === null
      ? explanation.name
      : `${explanation.namespace}/${explanation.name}`
  const title: Block = { type: 'title', kind: explanation.kind, name, summary: explanation.summary }
  const ends = [
    list('Assumed', explanation.assumptions.map(asItem)),
    list('Unknown', explanation.unknowns.map(asItem)),
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

/** False where every target that the files show is judged by something else. */
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
      ? 'sees the client, or a waypoint that is not known'
      : `sees ${sourceIdentity === 'client' ? 'the client' : (sourceIdentity ?? 'nobody')}`
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
      cells: [name, portInWords(port), port.mode, port.why],
      mark: 'no',
    })),
  )
  return [
    list('Effect', effect.map(asItem)),
    { type: 'table', columns: ['Workload', 'Port', 'mTLS', 'Why'], rows: limitedRows(rows) },
  ]
}

function portInWords({ port }: PortMutualTls): string {
  return port === null ? 'all others' : String(port)
}

function accountBlocks({ principal, usedBy, namedBy }: ServiceAccountExplanation): Block[] {
  return [
    list(undefined, [{ label: 'Principal', text: principal }]),
    list(
      'Runs as it',
      limited(
        usedBy.map(({ kind, name, enrolment }) => ({
          text: `${kind} ${name}${kind === 'Gateway' ? '' : ` (${enrolment === 'none' ? 'not in the mesh' : enrolment === 'unknown' ? 'enrolment unknown' : enrolment})`}`,
        })),
      ),
    ),
    list(
      'Named by',
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
            text: `${waypoint.status === 'bound' ? (waypoint.name ?? '') : waypoint.status === 'error' ? `none, ${waypoint.name ?? ''} cannot be used` : waypoint.status} (${waypoint.why})`,
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

function policyRow({
  kind,
  name,
  action,
  enforcedBy,
  enforcer,
  sourceIdentity,
  why,
}: PolicyInForceExplanation): Row {
  const policy = kind === 'AuthorizationPolicy' ? name : `${kind} ${name}`
  return {
    cells: [
      policy,
      action,
      enforcer === null ? enforcedBy : `${enforcedBy} ${enforcer}`,
      sourceIdentity ?? '–',
      why,
    ],
    mark: 'no',
  }
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
  return items.length > MOST
    ? [...items.slice(0, MOST - 1), { text: `and ${String(items.length - MOST + 1)} more` }]
    : [...items]
}

function limitedRows(rows: readonly Row[]): Row[] {
  const limit = 2 * MOST
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
  return names.length > MOST
    ? `${names.slice(0, MOST - 1).join(', ')} and ${String(names.length - MOST + 1)} more`
    : names.join(', ')
}
