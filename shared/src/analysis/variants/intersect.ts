import { LEVELS, withChanges, type Finding } from '../../rules/finding.js'
import { INTERNAL_ERROR } from '../runRules.js'

/** A finding that may hold in every variant. */
export interface Candidate {
  readonly finding: Finding
  /** The same finding in the merged mesh, if it is there. */
  readonly merged: Finding | undefined
}

/** The candidates that are in every list of findings, compared by their place. */
export class FindingIntersection {
  #kept: readonly (Candidate & { readonly variants: readonly Finding[] })[]
  readonly #crashes: Finding[] = []

  constructor(candidates: readonly Candidate[]) {
    this.#kept = candidates.map((candidate) => ({ ...candidate, variants: [] }))
  }

  get isEmpty(): boolean {
    return this.#kept.length === 0
  }

  /** Drops the candidates that are not among the findings of one more variant. */
  add(findings: readonly Finding[]): void {
    this.#crashes.push(...findings.filter(({ rule }) => rule === INTERNAL_ERROR))
    this.#kept = this.#kept.flatMap((candidate) => {
      const same = sameFindingIn(findings, candidate.finding)
      return same ? [{ ...candidate, variants: [...candidate.variants, same] }] : []
    })
  }

  /**
   * The candidates that are left, in words that hold in every variant. A crash of the rule in any
   * variant is kept too.
   */
  result(): readonly Finding[] {
    return [...this.#crashes.slice(0, 1), ...this.#kept.flatMap(inCommonWords)]
  }
}

/** The finding of a variant that is the candidate, perhaps with another message. */
function sameFindingIn(findings: readonly Finding[], candidate: Finding): Finding | undefined {
  const samePlace = findings.filter((finding) => isSamePlace(finding, candidate))
  return (
    samePlace.find(({ message }) => message === candidate.message) ??
    (samePlace.length === 1 ? samePlace[0] : undefined)
  )
}

/**
 * One finding for all variants.
 *
 * - Message: the common one; else that of the merged mesh if one variant has it; else the finding
 *   is dropped.
 * - Level: the lowest.
 * - Assumptions: all of them.
 */
function inCommonWords({
  finding,
  merged,
  variants,
}: Candidate & { readonly variants: readonly Finding[] }): Finding[] {
  const messages = new Set(variants.map((variant) => variant.message))
  const [only = finding.message] = messages
  const message =
    messages.size === 1 ? only : merged && messages.has(merged.message) ? merged.message : undefined
  if (message === undefined) return []
  const findings = [finding, ...variants]
  const level =
    LEVELS[Math.max(...findings.map((other) => LEVELS.indexOf(other.level)))] ?? finding.level
  const assumptions = [...new Set(findings.flatMap((other) => other.assumptions))]
  const isSame =
    level === finding.level &&
    message === finding.message &&
    assumptions.length === finding.assumptions.length
  return [isSame ? finding : withChanges(finding, { level, message, assumptions })]
}

export function isSamePlace({ place: a }: Finding, { place: b }: Finding): boolean {
  return (
    a.kind === 'field' &&
    b.kind === 'field' &&
    a.on === b.on &&
    JSON.stringify(a.path) === JSON.stringify(b.path)
  )
}
