import type { Mesh } from '../../mesh/mesh.js'
import { serves } from '../../mesh/waypointGateway.js'
import type { AuthorizationPolicy, Operation, Rule } from '../../resources/authorizationPolicy.js'
import { policiesAtWaypoint } from '../../waypoint/attachedPolicies.js'
import type { WaypointChain } from '../../waypoint/attachment.js'
import { matchesPath } from '../../waypoint/path.js'
import { isDryRun } from '../../ztunnel/convertAuthorizationPolicy.js'
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

/**
 * Whether other policies at a chain certainly deny the requests of an operation with a path: a DENY rule with the
 * path, or ALLOW policies without it.
 */
export function isClosed(
  mesh: Mesh,
  chain: WaypointChain,
  { placed, spelling }: { readonly placed: PlacedOperation; readonly spelling: Spelling },
): boolean {
  if (!chain.service && !serves(mesh, chain.gateway, 'workload')) return true
  const others = policiesAtWaypoint(mesh, chain).filter(
    (other) => other !== placed.policy && !isDryRun(other),
  )
  return (
    others.some((other) => denies(mesh, other, { chain, placed, spelling })) ||
    (placed.policy.action === 'DENY' && isNowhereAllowed(others, spelling))
  )
}

function isNowhereAllowed(policies: readonly AuthorizationPolicy[], spelling: Spelling): boolean {
  const allowing = policies.filter(({ action }) => action === 'ALLOW')
  return (
    allowing.length > 0 &&
    !allowing.some(isActionFilledIn) &&
    allowing.every((policy) =>
      policy.rules.every(
        ({ to }, index) =>
          !isFilledIn(policy, ['spec', 'rules', index]) &&
          to !== undefined &&
          !to.some((operation) => mayMatchOperation(operation, spelling)),
      ),
    )
  )
}

interface Question {
  readonly chain: WaypointChain
  readonly placed: PlacedOperation
  readonly spelling: Spelling
}

/** Whether a DENY policy has a rule that is wider than the rule of the operation, once the paths are set aside. */
function denies(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  { chain, placed, spelling }: Question,
): boolean {
  if (policy.action !== 'DENY' || isActionFilledIn(policy)) return false
  const { from, when } = placed.policy.rules[placed.rule] ?? {}
  const narrow: Rule = { from, to: [onHttpPorts(chain, withoutPaths(placed.operation))], when }
  return policy.rules.some((rule, index) => {
    if (isFilledIn(policy, ['spec', 'rules', index])) return false
    const operations = rule.to?.filter((operation) => matchesOperation(operation, spelling))
    if (operations?.length === 0) return false
    const wide: Rule = { ...rule, to: operations?.map(withoutPaths) }
    return isWider(
      { rule: wide, namespace: policy.namespace },
      { rule: narrow, namespace: placed.policy.namespace },
      { action: 'DENY', trust: trustOf(mesh) },
    )
  })
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
