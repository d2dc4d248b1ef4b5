import type { EnforcedBy } from '../explanation.js'
import { count, listedUpTo } from '../support/notes.js'
import { isUnseen, seenTargets, type PolicyTarget } from './target.js'

interface SummaryOptions {
  readonly dryRun: boolean
  /** Short enough for a code lens: `ztunnel` in place of `enforced by destination ztunnel`. */
  readonly short?: boolean
}

/** `enforced by destination ztunnel · sees waypoint bookinfo/waypoint · 3 workloads`. */
export function policySummary(
  targets: readonly PolicyTarget[],
  { dryRun, short = false }: SummaryOptions,
): string {
  return [...partsOf(targets, short), ...(dryRun ? ['dry run'] : [])].join(' · ')
}

function partsOf(targets: readonly PolicyTarget[], short: boolean): string[] {
  const enforced = targets.filter(({ enforcedBy }) => enforcedBy !== 'nobody')
  const known = enforced.filter(({ enforcedBy }) => enforcedBy !== 'unknown')
  const [first] = enforced
  if (!first) return ['not enforced']
  if (known.length === 0) return ['enforcement unknown', first.why]
  const enforcers = listedUpTo(enforcersOf(known, short), 'and')
  return [
    short ? enforcers : `enforced by ${enforcers}`,
    `sees ${listedUpTo(identitiesOf(known), 'or')}`,
    reachOf(known),
  ]
}

/** Up to two proxies by name, else the kinds of proxies. */
function enforcersOf(targets: readonly PolicyTarget[], short: boolean): string[] {
  const kindOf = (enforcedBy: EnforcedBy): string =>
    short && enforcedBy === 'destination ztunnel' ? 'ztunnel' : enforcedBy
  const named = targets.map(({ enforcedBy, enforcer }) =>
    enforcer === null ? kindOf(enforcedBy) : `${kindOf(enforcedBy)} ${enforcer}`,
  )
  const distinct = [...new Set(named)]
  return distinct.length <= 2
    ? distinct
    : [...new Set(targets.map(({ enforcedBy }) => `${kindOf(enforcedBy)}s`))]
}

function identitiesOf(targets: readonly PolicyTarget[]): string[] {
  const words = targets.map(({ enforcedBy, sourceIdentity, waypoint }) => {
    if (enforcedBy === 'destination ztunnel' && waypoint.status === 'bound')
      return `waypoint ${waypoint.name ?? ''}`
    return enforcedBy === 'destination ztunnel' && sourceIdentity === 'unknown'
      ? 'client or waypoint (not known which)'
      : 'client'
  })
  return [...new Set(words)]
}

const ROUTED_KINDS: ReadonlySet<string> = new Set(['Service', 'ServiceEntry', 'Gateway'])

/** `3 workloads`, `Service shop/api`, `2 targets`. */
function reachOf(targets: readonly PolicyTarget[]): string {
  const named = (isRouted: boolean): string[] => [
    ...new Set(
      seenTargets(targets)
        .filter(({ kind }) => ROUTED_KINDS.has(kind) === isRouted)
        .map(({ kind, name }) => `${kind} ${name}`),
    ),
  ]
  const routed = named(true)
  const workloads = named(false)
  if (workloads.length > 0)
    return routed.length > 0
      ? `${count(workloads.length, 'workload')} and ${count(routed.length, 'gateway')}`
      : count(workloads.length, 'workload')
  const [only] = routed
  if (only !== undefined) return routed.length === 1 ? only : `${routed.length} targets`
  const hasGateways = targets.some((target) => isUnseen(target) && target.unseen === 'gateways')
  return `no ${hasGateways ? 'such gateway' : 'workload'} in the workspace`
}
