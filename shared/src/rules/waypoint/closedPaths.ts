import type { Mesh } from '../../mesh/mesh.js'
import { serves } from '../../mesh/waypointGateway.js'
import type { AuthorizationPolicy, Operation, Rule } from '../../resources/authorizationPolicy.js'
import { policiesAtWaypoint } from '../../waypoint/attachedPolicies.js'
import type { WaypointChain } from '../../waypoint/attachment.js'
import { matchesPath } from '../../waypoint/path.js'
import { isDryRun } from '../../ztunnel/convertAuthorizationPolicy.js'
import { getOrInsert } from '../../text/collections.js'
import { isActionFilledIn, isFilledIn } from '../support/filledIn.js'
import { isWider, trustOf } from '../support/wider.js'
import { portsOf } from './tcpPorts.js'

/** An exact path, or with `isPrefix` every path that starts with it. */
export interface Spelling {
  readonly text: string
  readonly isPrefix: boolean
}

/** An operation of a rule, about whose paths a question is asked. */
export interface PlacedOperation {
  readonly policy: AuthorizationPolicy
  readonly rule: number
  readonly operation: Operation
}

/** Whether a value of `paths` matches every path of a spelling. */
export function matchesSpelling(pattern: string, { text, isPrefix }: Spelling): boolean {
  return isPrefix
    ? pattern === '*' || (/^[^*{]+\*$/.test(pattern) && text.startsWith(pattern.slice(0, -1)))
    : matchesPath(pattern, text)
}

/** Whether a value of `paths` matches some path of a spelling, or may do so. */
function mayMatchSpelling(pattern: string, spelling: Spelling): boolean {
  if (!spelling.isPrefix) return matchesPath(pattern, spelling.text)
  if (pattern.startsWith('*') || pattern.includes('{')) return true
  const start = pattern.replace(/\*$/, '')
  return start.startsWith(spelling.text) || matchesSpelling(pattern, spelling)
}

/** Whether an operation can match a path of a spelling. */
export function mayMatchOperation(operation: Operation | undefined, spelling: Spelling): boolean {
  const { paths, notPaths } = operation ?? {}
  return (
    (paths === undefined || paths.some((pattern) => mayMatchSpelling(pattern, spelling))) &&
    !notPaths?.some((pattern) => matchesSpelling(pattern, spelling))
  )
}

function matchesOperation(operation: Operation | undefined, spelling: Spelling): boolean {
  const { paths, notPaths } = operation ?? {}
  return (
    (paths === undefined || paths.some((pattern) => matchesSpelling(pattern, spelling))) &&
    !notPaths?.some((pattern) => mayMatchSpelling(pattern, spelling))
  )
}

/** The policies of a chain as far as they can close a path. */
interface ClosingPolicies {
  /** The rules of the DENY policies without placeholders. */
  readonly denials: readonly { readonly policy: AuthorizationPolicy; readonly rule: Rule }[]
  /** What the ALLOW policies allow; undefined if they allow each path, or there are none. */
  readonly allowed: readonly (Operation | undefined)[] | undefined
}

/**
 * Whether other policies at a chain certainly deny the requests of an operation with a path: a DENY rule with the
 * path, or ALLOW policies without it.
 */
export function pathsClosedAt(
  mesh: Mesh,
  chain: WaypointChain,
  placed: PlacedOperation,
): (spelling: Spelling) => boolean {
  if (!chain.service && !serves(mesh, chain.gateway, 'workload')) return () => true
  const policies = closingPolicies(policiesAtWaypoint(mesh, chain))
  const denials = policies.denials.filter(({ policy }) => policy !== placed.policy)
  const { from, when } = placed.policy.rules[placed.rule] ?? {}
  const narrow: Rule = { from, to: [onHttpPorts(chain, withoutPaths(placed.operation))], when }
  const isWiderRule = ({ policy, rule }: ClosingPolicies['denials'][number], to: Rule['to']) =>
    isWider(
      { rule: { ...rule, to: to?.map(withoutPaths) }, namespace: policy.namespace },
      { rule: narrow, namespace: placed.policy.namespace },
      { action: 'DENY', trust: trustOf(mesh) },
    )
  return (spelling) =>
    denials.some((denial) => {
      const to = denial.rule.to?.filter((operation) => matchesOperation(operation, spelling))
      return to?.length !== 0 && isWiderRule(denial, to)
    }) ||
    (placed.policy.action === 'DENY' &&
      policies.allowed?.some((operation) => mayMatchOperation(operation, spelling)) === false)
}

/** The policies of a Service are the same list for each of them. */
const CLOSING = new WeakMap<readonly AuthorizationPolicy[], ClosingPolicies>()

function closingPolicies(policies: readonly AuthorizationPolicy[]): ClosingPolicies {
  return getOrInsert(CLOSING, policies, () => makeClosingPolicies(policies))
}

function makeClosingPolicies(policies: readonly AuthorizationPolicy[]): ClosingPolicies {
  const enforced = policies.filter((policy) => !isDryRun(policy))
  const allowing = enforced.filter(({ action }) => action === 'ALLOW')
  const rules = allowing.flatMap((policy) => policy.rules)
  const isOpen =
    allowing.length === 0 ||
    allowing.some(
      (policy) =>
        isActionFilledIn(policy) ||
        policy.rules.some((_, index) => hasValuesFilledIn(policy, index)),
    ) ||
    rules.some(({ to }) => to === undefined)
  return {
    denials: enforced
      .filter((policy) => policy.action === 'DENY' && !isActionFilledIn(policy))
      .flatMap((policy) =>
        policy.rules
          .filter((_, index) => !hasValuesFilledIn(policy, index))
          .map((rule) => ({ policy, rule })),
      ),
    allowed: isOpen ? undefined : rules.flatMap(({ to = [] }) => to),
  }
}

function hasValuesFilledIn(policy: AuthorizationPolicy, index: number): boolean {
  return isFilledIn(policy, ['spec', 'rules', index])
}

function withoutPaths(operation: Operation | undefined): Operation {
  return Object.fromEntries(
    Object.entries(operation ?? {}).filter(([name]) => name !== 'paths' && name !== 'notPaths'),
  )
}

/** Requests with a path arrive only on ports that are not TCP. */
function onHttpPorts({ service }: WaypointChain, operation: Operation): Operation {
  const ports = (service ? portsOf(service) : [])
    .filter(({ protocol }) => protocol === 'http' || protocol === 'sniffed')
    .map(({ port }) => String(port))
  return operation.ports || ports.length === 0 ? operation : { ...operation, ports }
}
