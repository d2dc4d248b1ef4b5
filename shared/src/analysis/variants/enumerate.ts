import type { Dispute } from '../../mesh/alternatives.js'

/** Up to this many combinations are evaluated. Beyond it, each variant is evaluated once. */
const MAX_COMBINATIONS = 16

/** The number of variants of the object that has most of them. */
export function mostChoices(disputes: ReadonlySet<Dispute>): number {
  return Math.max(...[...disputes].map(({ choices }) => choices.length))
}

/**
 * Every combination of the variants of several objects. Empty where there are more than
 * `MAX_COMBINATIONS`, and for one object, whose variants need no combining.
 */
export function combinationsOf(disputes: readonly Dispute[]): ReadonlyMap<Dispute, number>[] {
  const count = disputes.reduce((product, { choices }) => product * choices.length, 1)
  if (disputes.length < 2 || count > MAX_COMBINATIONS) return []
  return disputes.reduce<ReadonlyMap<Dispute, number>[]>(
    (combinations, dispute) =>
      combinations.flatMap((chosen) =>
        dispute.choices.map((_, choice) => new Map([...chosen, [dispute, choice]])),
      ),
    [new Map()],
  )
}
