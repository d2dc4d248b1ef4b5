import type { PathSegment } from '../yaml/node.js'

/**
 * Which fields of an object were read, in order: the last of them, in front of it those before, and at the end the object itself. A field's row counts from
 * there; `parent` is the row of the one that it lies in, -1 for the object.
 */
export class Outline {
  readonly before: Outline | undefined
  readonly row: number
  readonly parent: number
  readonly segment: PathSegment
  /** The continuation that was asked for last, mostly the only one. */
  #next: Outline | undefined
  #others: Map<string, Outline> | undefined

  constructor(before: Outline | undefined, parent: number, segment: PathSegment) {
    this.before = before
    this.row = before ? before.row + 1 : 0
    this.parent = parent
    this.segment = segment
  }

  /** This outline with one more field, where there is one already. */
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

/** What a field is called below its parent. */
export function nameOf(parent: number, segment: PathSegment): string {
  return typeof segment === 'string' ? `${parent}.${segment}` : `${parent}[${segment}`
}

/** Forgotten when there are so many, so that keys being typed, each with an outline of its own, do not gather for ever. */
const MOST = 100_000

/** The outlines of all objects. Those of a repository are mostly alike: tens of thousands of objects have some hundred outlines, and share them. */
export class Outlines {
  #object = new Outline(undefined, -1, '')
  #count = 0

  /** Of an object of which no field was read yet. */
  get object(): Outline {
    return this.#object
  }

  /** How many fields they have, what they begin with counted once. */
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
