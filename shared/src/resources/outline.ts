import type { PathSegment } from '../yaml/node.js'

/**
 * The fields of an object that were read, in order, as a linked list from the last field to the
 * object itself. Rows are counted from the object, which is row 0; `parent` is the row of the
 * parent field, -1 for the object.
 */
export class Outline {
  readonly before: Outline | undefined
  readonly row: number
  readonly parent: number
  readonly segment: PathSegment
  /** The continuation that was requested last, in most cases the only one. */
  #next: Outline | undefined
  #others: Map<string, Outline> | undefined

  constructor(before: Outline | undefined, parent: number, segment: PathSegment) {
    this.before = before
    this.row = before ? before.row + 1 : 0
    this.parent = parent
    this.segment = segment
  }

  /** This outline with one more field, if it exists. */
  known(parent: number, segment: PathSegment): Outline | undefined {
    const next = this.#next
    if (!next || (next.parent === parent && next.segment === segment)) return next
    const other = this.#others?.get(nameOf(parent, segment))
    if (other) this.#next = other
    return other
  }

  add(parent: number, segment: PathSegment): Outline {
    const added = new Outline(this, parent, segment)
    const next = this.#next
    if (next) {
      this.#others ??= new Map([[nameOf(next.parent, next.segment), next]])
      this.#others.set(nameOf(parent, segment), added)
    }
    this.#next = added
    return added
  }
}

/** A key for a field, unique below its parent. */
export function nameOf(parent: number, segment: PathSegment): string {
  return typeof segment === 'string' ? `${parent}.${segment}` : `${parent}[${segment}`
}

/**
 * All outlines are dropped beyond this number. Otherwise each key that is being typed would add
 * one.
 */
const MOST = 100_000

/** The outlines of all objects. Tens of thousands of objects share some hundred outlines. */
export class Outlines {
  #object = new Outline(undefined, -1, '')
  #count = 0

  /** The outline of an object without fields. */
  get object(): Outline {
    return this.#object
  }

  /** The number of fields in all outlines, shared beginnings counted once. */
  get size(): number {
    return this.#count
  }

  with(outline: Outline, parent: number, segment: PathSegment): Outline {
    const known = outline.known(parent, segment)
    if (known) return known
    if (++this.#count > MOST) {
      this.#object = new Outline(undefined, -1, '')
      this.#count = 0
    }
    return outline.add(parent, segment)
  }
}
