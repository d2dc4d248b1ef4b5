import type { Resource } from '../resources/resource.js'
import type { Span } from '../text/lineIndex.js'
import type { FieldPath } from '../yaml/node.js'
import type { Fix } from './fix.js'

export const LEVELS = ['error', 'warning', 'information', 'hint'] as const
export type Level = (typeof LEVELS)[number]

/** A field of an object: its key, its value, or both. Where the field is absent, its nearest ancestor stands for it. */
interface FieldPlace {
  readonly kind: 'field'
  readonly resource: Resource
  readonly path: FieldPath
  readonly on: 'key' | 'value'
}

/** A stretch of a document that is no field of an object. */
interface DocumentPlace {
  readonly kind: 'document'
  readonly file: string
  readonly document: number
  readonly span: Span
}

export type Place = FieldPlace | DocumentPlace

/** A fact that a finding rests on. */
interface RelatedFact {
  readonly place: Place
  readonly message: string
}

/** One thing that a rule found. Plain data; positions come later. */
export interface Finding {
  readonly rule: string
  readonly level: Level
  /** Fact and consequence; at most 140 characters; ends with a full stop. */
  readonly message: string
  readonly place: Place
  readonly related: readonly RelatedFact[]
  /** What was taken to be so; not empty only at level warning and below. */
  readonly assumptions: readonly string[]
  readonly fixes: readonly Fix[]
  /** `unnecessary`: the range has no effect; `deprecated`: a successor exists. */
  readonly tag: 'unnecessary' | 'deprecated' | undefined
}

/** A finding whose fixes are made when somebody asks for them: they cost more than most rules do, and most are never looked at. */
export class LazyFinding implements Finding {
  readonly rule: string
  readonly level: Level
  readonly message: string
  readonly place: Place
  readonly related: readonly RelatedFact[]
  readonly assumptions: readonly string[]
  readonly tag: Finding['tag']
  readonly #makeFixes: () => readonly Fix[]
  #fixes: readonly Fix[] | undefined = undefined

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
    return (this.#fixes ??= this.#makeFixes())
  }
}

/** The same finding, told in another way. */
export function retold(
  finding: Finding,
  change: Partial<Pick<Finding, 'level' | 'message' | 'assumptions'>>,
): Finding {
  const { rule, level, message, place, related, assumptions, tag } = finding
  return new LazyFinding(
    { rule, level, message, place, related, assumptions, tag, ...change },
    () => finding.fixes,
  )
}
