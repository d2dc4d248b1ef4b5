import type { Alternatives, Dispute } from '../../mesh/alternatives.js'
import type { MeshQuery } from '../../mesh/mesh.js'
import type { Resource } from '../../resources/resource.js'
import type { Finding } from '../../rules/finding.js'
import { combinationsOf, mostChoices } from './enumerate.js'

export type RuleQuery = MeshQuery<Resource, readonly Finding[]>

/** What a rule finds in one variant of the mesh. */
export interface Evaluation {
  readonly findings: readonly Finding[]
  /** The other objects with variants that the rule read. */
  readonly disputes: readonly Dispute[]
}

/** Runs rules on one object in the variants of its mesh. */
export class VariantEvaluator {
  readonly #alternatives: Alternatives
  readonly #subject: Resource
  /** The choice of the object itself where it is a variant: the same in every evaluation. */
  readonly #own: ReadonlyMap<Dispute, number>
  /**
   * The number of the first evaluation. A variant starts with its own number, so that most objects
   * share their meshes.
   */
  readonly #start: number

  constructor(alternatives: Alternatives, subject: Resource) {
    this.#alternatives = alternatives
    this.#subject = subject
    const place = alternatives.placeOf(subject)
    this.#start = place?.choice ?? 0
    this.#own = new Map(place ? [[place.dispute, place.choice]] : [])
  }

  /** The findings in the first variant of the mesh. */
  first(ruleQuery: RuleQuery): readonly Finding[] {
    return this.#evaluate(ruleQuery, this.#start).findings
  }

  /**
   * Evaluates a rule in one variant of the mesh after the other: first so that each variant of an
   * object that the rule reads is in one mesh at least, then in their combinations
   * (`combinationsOf`). The caller stops when nothing is left to confirm.
   */
  *evaluations(ruleQuery: RuleQuery): Generator<Evaluation> {
    const first = this.#evaluate(ruleQuery, this.#start)
    const disputes = new Set(first.disputes)
    yield first
    if (disputes.size === 0) return
    for (let choice = 1; choice < mostChoices(disputes); choice++) {
      const next = this.#evaluate(ruleQuery, this.#start + choice)
      for (const dispute of next.disputes) disputes.add(dispute)
      yield next
    }
    for (const chosen of combinationsOf([...disputes])) yield this.#evaluate(ruleQuery, 0, chosen)
  }

  /** @param number the choice of every dispute that is not in `chosen`. */
  #evaluate(
    ruleQuery: RuleQuery,
    number: number,
    chosen?: ReadonlyMap<Dispute, number>,
  ): Evaluation {
    const { value, disputes } = this.#alternatives.get(ruleQuery, this.#subject, {
      number,
      fixed: new Map([...(chosen ?? []), ...this.#own]),
    })
    return {
      findings: value,
      disputes: disputes.filter((dispute) => !this.#own.has(dispute)),
    }
  }
}
