import type { FieldPath, PathSegment } from './node.js'

/** In a pattern: any index of a list. */
export const ITEM = Symbol('any index')
/** In a pattern: any key of a mapping. */
export const KEY = Symbol('any key')

type PatternSegment = string | typeof ITEM | typeof KEY

/** A field path with wildcards: `['spec', 'rules', ITEM, 'from']`. */
export type PathPattern = readonly PatternSegment[]

/** Whether a pattern matches a whole path. */
export function isAt(path: FieldPath, pattern: PathPattern): boolean {
  return (
    path.length === pattern.length && path.every((segment, index) => fits(segment, pattern[index]))
  )
}

function fits(segment: PathSegment, expected: PatternSegment | undefined): boolean {
  if (expected === ITEM) return typeof segment === 'number'
  return expected === KEY ? typeof segment === 'string' : segment === expected
}
