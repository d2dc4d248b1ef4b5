import { nearestMiss, type NearestMiss } from '../access/nearestMiss.js'
import { reasonInWords } from '../access/reasonInWords.js'
import type { Hop, Verdict } from '../access/request.js'
import { filledInMeshes } from '../mesh/filledIn/filledInMeshes.js'
import type { Mesh } from '../mesh/mesh.js'
import { qualifiedName } from '../resources/resource.js'
import { formatPrincipal } from '../vocabulary/principal.js'
import { differencesOf } from './differences.js'
import {
  authorizationPolicyNamed,
  isGenerated,
  peerAuthenticationNamed,
  type LoggedObject,
} from './loggedObject.js'
import { loggedProxy, type LoggedProxy } from './loggedProxy.js'
import type { LogLine } from './logLine.js'
import { allowPoliciesAt, matchingRule, predictedHops } from './predictedHops.js'

/** Why a proxy allowed or denied what a line shows, from the files. */
export interface LineExplanation {
  readonly line: LogLine
  readonly hop: {
    readonly point: LoggedProxy['point']
    /** `namespace/gateway` or `namespace/workload`; null if the files do not have it. */
    readonly name: string | null
    readonly identity: string | null
    readonly port: number | null
  }
  /** What the words of the log mean; null if a policy decided that the answer names. */
  readonly meaning: string | null
  /** `namespace/name` of the policy that decided, as the proxy names it; null if none did. */
  readonly policy: string | null
  readonly rule: number | null
  /** The object of the files that decided, and its field. */
  readonly decidedBy: LoggedObject | undefined
  /** The ALLOW policies that apply, if none of them matched. */
  readonly unmatched: readonly LoggedObject[]
  /** Whether the files say the same as the line. `unknown`: they say nothing about it. */
  readonly agreement: 'agrees' | 'differs' | 'unknown'
  /** Why the line and the files differ, most likely reason first, or what is not known. */
  readonly differences: readonly string[]
  /** The smallest change with which the files allow a denied connection, and the reverse. */
  readonly nearestMiss: NearestMiss | undefined
}

/**
 * Explains a line. The mesh must be closed: its files are the whole mesh. The nearest miss takes longer than the rest:
 * `withNearestMiss`.
 */
export function explainLine(
  mesh: Mesh,
  line: LogLine,
  { withNearestMiss = false } = {},
): LineExplanation {
  const predicted = predictionIn(mesh, line)
  const { proxy, hops, decided } = predicted
  const unmatched =
    line.decision.kind === 'no ALLOW matched' || isUnmatched(line, hops)
      ? unmatchedAt(mesh, proxy)
      : []
  // What another tool fills in may be what the proxy had.
  const differences = filledInMeshes(mesh).meshes.some(
    (other) => predictionIn(other, line).differences.length === 0,
  )
    ? []
    : predicted.differences
  const isUnknown = proxy.point === 'unknown' || isUndecided(line, hops)
  return {
    line,
    hop: {
      point: proxy.point,
      name: nameOf(proxy),
      identity: line.client.identity ? formatPrincipal(line.client.identity) : null,
      port: line.destination.port ?? null,
    },
    meaning: decided.policy === null ? meaningOf(line, hops) : null,
    ...decided,
    unmatched,
    agreement: differences.length > 0 ? 'differs' : isUnknown ? 'unknown' : 'agrees',
    differences: differences.length === 0 && proxy.point === 'unknown' ? [proxy.why] : differences,
    nearestMiss: withNearestMiss ? missOf(mesh, line, hops) : undefined,
  }
}

/** What the files say about a line, and why the line differs. */
function predictionIn(mesh: Mesh, line: LogLine) {
  const proxy = loggedProxy(mesh, line)
  const hops = proxy.point === 'unknown' ? [] : predictedHops(mesh, line, proxy)
  const decided = decisionOf(mesh, { line, proxy, hops })
  return {
    proxy,
    hops,
    decided,
    differences: differencesOf(mesh, { line, proxy, hops, ...decided }),
  }
}

/** The policy, rule and object that decided: those of the line, else those that the files predict. */
function decisionOf(
  mesh: Mesh,
  { line, proxy, hops }: { line: LogLine; proxy: LoggedProxy; hops: readonly Hop[] },
): Pick<LineExplanation, 'policy' | 'rule' | 'decidedBy'> {
  const { decision } = line
  const at = proxy.point === 'ztunnel' ? proxy : undefined
  if (decision.kind === 'policy') {
    const { namespace, name } = decision
    const policy = `${namespace}/${name}`
    if (isGenerated(name))
      return { policy, rule: null, decidedBy: peerAuthenticationNamed(mesh, decision, at) }
    const rule = decision.rule ?? matchingRule(mesh, policy, { line, proxy })
    const decidedBy = authorizationPolicyNamed(mesh, decision, rule)
    return { policy, rule: rule ?? null, decidedBy }
  }
  const [hop] = hops
  if (decision.kind !== 'not named' || !hop || hop.policy === null || hop.verdict !== line.verdict)
    return { policy: null, rule: null, decidedBy: undefined }
  const [namespace = '', name = ''] = hop.policy.split('/')
  return {
    policy: hop.policy,
    rule: hop.rule,
    decidedBy: isGenerated(name)
      ? peerAuthenticationNamed(mesh, { namespace, name }, at)
      : authorizationPolicyNamed(mesh, { namespace, name }, hop.rule ?? undefined),
  }
}

/** Whether a line without a name is a denial because no ALLOW rule matched. */
function isUnmatched({ decision, verdict }: LogLine, hops: readonly Hop[]): boolean {
  return (
    decision.kind === 'not named' &&
    verdict === 'deny' &&
    hops.some((hop) => hop.verdict === 'deny' && hop.policy === null)
  )
}

/** For a decision that the line does not name: what it means, or what the files predict. */
function meaningOf({ decision, verdict, reason }: LogLine, hops: readonly Hop[]): string | null {
  if (decision.kind === 'other') return decision.why
  const [hop] = hops
  if (decision.kind !== 'not named')
    return reasonInWords({ reason: WORDS[decision.kind] ?? reason, policy: null, verdict: 'deny' })
  return hop?.verdict === verdict ? reasonInWords(hop) : null
}

/** The words of ztunnel for decisions without a policy. */
const WORDS: Readonly<Record<string, string>> = {
  'no ALLOW matched': 'allow policies exist, but none allowed',
  'no ALLOW applies': 'no allow policies, allow',
}

function unmatchedAt(mesh: Mesh, proxy: LoggedProxy): LoggedObject[] {
  if (proxy.point === 'unknown') return []
  return allowPoliciesAt(mesh, proxy).flatMap(
    (policy) => authorizationPolicyNamed(mesh, policy, undefined) ?? [],
  )
}

/** Whether neither the line nor the files say which policy decided. */
function isUndecided({ decision, verdict }: LogLine, hops: readonly Hop[]): boolean {
  if (decision.kind === 'other' || verdict === 'failed') return true
  return decision.kind === 'not named' && hops.every((hop) => hop.verdict === 'undecided')
}

function missOf(mesh: Mesh, line: LogLine, hops: readonly Hop[]): NearestMiss | undefined {
  const [hop] = hops
  const { identity, ip } = line.client
  if (!hop || hops.length > 1 || line.verdict !== 'deny' || hop.verdict !== 'deny') return undefined
  if (!identity && ip === undefined) return undefined
  const found = nearestMiss(mesh, {
    from: { ...identity, ip },
    to:
      hop.point === 'ztunnel' || line.destination.host === undefined
        ? { workload: hop.name, port: hop.port }
        : { service: serviceName(line.destination.host), port: hop.port },
    http: line.http,
  })
  return found?.verdict === ('allow' satisfies Verdict) ? found : undefined
}

function serviceName(host: string): string {
  const [name = '', namespace = ''] = host.split('.')
  return `${namespace}/${name}`
}

function nameOf(proxy: LoggedProxy): string | null {
  if (proxy.point === 'ztunnel') return qualifiedName(proxy.workload)
  const [first] =
    proxy.point === 'waypoint'
      ? proxy.chains.map(({ gateway }) => gateway)
      : proxy.point === 'sidecar'
        ? proxy.workloads
        : []
  return first ? qualifiedName(first) : null
}
