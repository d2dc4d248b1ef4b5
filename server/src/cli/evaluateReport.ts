import type { PlaceOf, RenderedPlace } from './places.js'
import type { AccessAnswer, Analysis, Hop, NearestMiss, Range } from '@istio-ambient-policy/shared'

/** An answer of `evaluate` in the shape of its JSON output. */
export interface ReportedAnswer extends Omit<AccessAnswer, 'id' | 'hops'> {
  readonly id: string | null
  readonly hops: readonly ReportedHop[]
  /** The smallest change that gives the other verdict. Null if there is none, absent without `--nearest-miss`. */
  readonly nearestMiss?: NearestMiss | null
}

export interface ReportedHop extends Omit<Hop, 'place'> {
  /** The place of the policy or rule that decides; null if there is none. */
  readonly file: string | null
  readonly range: Range | null
  /** Only if `file` is the template of rendered text. */
  readonly rendered?: RenderedPlace
}

export function reportAnswer(
  answer: AccessAnswer,
  analysis: Analysis,
  placeOf: PlaceOf,
): ReportedAnswer {
  const hops = answer.hops.map(({ place, ...hop }): ReportedHop => {
    const found = place && analysis.locate({ kind: 'field', ...place, on: 'value' })
    return { ...hop, ...(found ? placeOf(found.file, found.range) : { file: null, range: null }) }
  })
  return { id: answer.id ?? null, verdict: answer.verdict, hops, assumptions: answer.assumptions }
}
