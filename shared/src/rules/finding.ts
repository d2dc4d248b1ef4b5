import type { Resource } from '../resources/resource.js'
import type { Span } from '../text/lineIndex.js'
import type { FieldPath } from '../yaml/node.js'
import type { Fix } from './fix.js'

export const LEVELS = ['error', 'warning', 'information', 'hint'] as const
export type Level = (typeof LEVELS)[number]

/** A field of an object: its key, its value, or both. Where the field is absent, its nearest ancestor stands for it. */
interface FieldPlace {
  readonly resource: Resource
  readonly path: FieldPath
  readonly on: 'key' | 'value'
}

/** A stretch of a document that is no field of an object. */
interface DocumentPlace {
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
