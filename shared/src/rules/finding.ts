import type { Resource } from '../resources/resource.js'
import type { Span } from '../text/lineIndex.js'
import type { FieldPath } from '../yaml/node.js'
import type { Fix } from './fix.js'

export const LEVELS = ['error', 'warning', 'information', 'hint'] as const
export type Level = (typeof LEVELS)[number]

/**
 * The key or the value of an object's field. If the field is absent, its nearest ancestor is used.
 */
interface FieldPlace {
  readonly kind: 'field'
  readonly resource: Resource
  readonly path: FieldPath
  readonly on: 'key' | 'value'
}

/** A span of a document that is not a field of an object. */
interface DocumentPlace {
  readonly kind: 'document'
  readonly file: string
  readonly document: number
  readonly span: Span
}

export type Place = FieldPlace | DocumentPlace

/** A fact behind a finding, shown as related information. */
interface RelatedFact {
  readonly place: Place
  readonly message: string
}

/** One finding of a rule. Plain data without positions in a file. */
export interface Finding {
  readonly rule: string
  readonly level: Level
  /** Consequence, then reason; at most 140 characters; ends with a full stop or a question mark. */
  readonly message: string
  readonly place: Place
  readonly related: readonly RelatedFact[]
  /** Assumptions that the finding depends on. Empty for errors. */
  readonly assumptions: readonly string[]
  readonly fixes: readonly Fix[]
  /** `unnecessary`: the field has no effect; `deprecated`: a newer form exists. */
  readonly tag: 'unnecessary' | 'deprecated' | undefined
}

/**
 * A finding that makes its fixes at each access: they cost more than most rules, and most are never
 * used. They are not kept, because they can read facts that the finding does not depend on.
 */
export class LazyFinding implements Finding {
  readonly rule: string
  readonly level: Level
  readonly message: string
  readonly place: Place
  readonly related: readonly RelatedFact[]
  readonly assumptions: readonly string[]
  readonly tag: Finding['tag']
  readonly #makeFixes: () => readonly Fix[]

  constructor(
    { rule, level, message, place, related, assumptions, tag }: Omit<Finding, 'fixes'>,
    makeFixes: () => readonly Fix[],
  ) {
    this.rule = rule
    this.level = level
    this.message = message
    this.place = place
    this.related = related
    this.assumptions = assumptions
    this.tag = tag
    this.#makeFixes = makeFixes
  }

  get fixes(): readonly Fix[] {
    return this.#makeFixes()
  }
}

/** A copy of a finding with some fields replaced. */
export function withChanges(
  finding: Finding,
  change: Partial<Pick<Finding, 'level' | 'message' | 'assumptions'>>,
): Finding {
  const { rule, level, message, place, related, assumptions, tag } = finding
  return new LazyFinding(
    { rule, level, message, place, related, assumptions, tag, ...change },
    () => finding.fixes,
  )
}
