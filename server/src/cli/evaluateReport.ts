import type { AccessAnswer, Analysis, Hop, NearestMiss, Range } from '@istio-ambient-policy/shared'

/** An answer of `evaluate`, in the shape of its JSON output. */
export interface ReportedAnswer extends Omit<AccessAnswer, 'id' | 'hops'> {
  readonly id: string | null
  readonly hops: readonly ReportedHop[]
  /** The smallest change that turns the verdict; null where none was found, absent where none was asked for. */
  readonly nearestMiss?: NearestMiss | null
}

export interface ReportedHop extends Omit<Hop, 'place'> {
  /** Where the policy or rule that decided stands; null where none did. */
  readonly file: string | null
  readonly range: Range | null
}

export function reportAnswer(
  answer: AccessAnswer,
  analysis: Analysis,
  display: (file: string) => string,
): ReportedAnswer {
  const hops = answer.hops.map(({ place, ...hop }): ReportedHop => {
    const found = place && analysis.locate({ kind: 'field', ...place, on: 'value' })
    return { ...hop, file: found ? display(found.file) : null, range: found?.range ?? null }
  })
  return { id: answer.id ?? null, verdict: answer.verdict, hops, assumptions: answer.assumptions }
}
