import type { AccessAnswer, Hop, Verdict } from '../access/request.js'
import { NO_PROXY, reasonInWords } from '../access/reasonInWords.js'

/** What decided a request in one mesh. */
export interface Decider {
  /** The proxy; undefined where none is on the way. */
  readonly point: Hop['point'] | undefined
  /** `namespace/name` of the policy; null where none decided. */
  readonly policy: string | null
  /** `allowed by shop/readers`, `no ALLOW rule matched`. */
  readonly words: string
  /** The place of the rule. */
  readonly place: Hop['place']
  /** The ALLOW policies of the proxy if none of them matched. */
  readonly evidence: readonly string[]
}

export interface Judgement {
  readonly verdict: Verdict
  readonly decider: Decider
  /** Whether a waypoint evaluates the request. */
  readonly usesWaypoint: boolean
}

/** The verdict of an answer, and the hop that is the reason for it. */
export function judgementOf({ verdict, hops, assumptions }: AccessAnswer): Judgement {
  const hop =
    verdict === 'allow'
      ? (hops.find(({ policy }) => policy !== null) ?? hops[0])
      : (hops.find((each) => each.verdict === verdict) ??
        hops.find((each) => each.verdict === 'deny'))
  return {
    verdict,
    usesWaypoint: hops.some(({ point }) => point === 'waypoint'),
    decider: hop
      ? {
          point: hop.point,
          policy: hop.policy,
          words: verdict === hop.verdict ? reasonInWords(hop) : 'not all pods give the same answer',
          place: hop.place,
          evidence: hop.evidence,
        }
      : {
          point: undefined,
          policy: null,
          words:
            verdict === 'allow' ? NO_PROXY : (assumptions.at(-1) ?? 'not known from these files'),
          place: undefined,
          evidence: [],
        },
  }
}

/** Equal for judgements that a reader need not tell apart. */
export function judgementKey({ verdict, decider, usesWaypoint }: Judgement): string {
  return `${verdict} ${usesWaypoint ? 'at a waypoint ' : ''} ${decider.point ?? ''} ${decider.policy ?? decider.words}`
}
