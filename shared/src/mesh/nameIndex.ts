import { getOrInsert } from '../text/collections.js'

/** No name in Kubernetes is longer. */
const LONGEST_NAME = 253
/** A misspelling has at most so many edits. */
const MOST_EDITS = 2

/** A letter of names that share their beginning. */
interface Branch {
  readonly next: Map<number, Branch>
  /** The position of the name that ends here. */
  position: number | undefined
}

/** The rows of the table of edits for the last two letters of a branch. */
interface Rows {
  readonly before: readonly number[]
  readonly last: readonly number[]
  /** The letter of the branch; -1 at the root. */
  readonly letter: number
}

interface Match {
  readonly name: string
  readonly position: number
  readonly distance: number
}

/**
 * Names in which near ones are found without a comparison with each: beginnings that many names share
 * are compared once, and a branch is left as soon as it needs too many edits.
 */
export class NameIndex {
  readonly #names: string[] = []
  readonly #root: Branch = { next: new Map(), position: undefined }
  #steps = 0
  #size = 0

  constructor(names: Iterable<string>) {
    const newBranch = (): Branch => {
      this.#size++
      return { next: new Map(), position: undefined }
    }
    for (const name of names) {
      if (name.length > LONGEST_NAME + MOST_EDITS) continue
      let branch = this.#root
      for (let at = 0; at < name.length; at++)
        branch = getOrInsert(branch.next, name.charCodeAt(at), newBranch)
      branch.position ??= this.#names.push(name) - 1
    }
  }

  /** How many letters were compared so far. For tests. */
  get steps(): number {
    return this.#steps
  }

  /** How many beginnings of names are kept. For tests. */
  get size(): number {
    return this.#size
  }

  /**
   * The name of which another name is probably a misspelling: the closest by edits (optimal string alignment), with at
   * most two edits and at most one for every three letters. Undefined if no name is so close.
   *
   * @param accepts whether a close name counts.
   */
  nearest(name: string, accepts: (candidate: string) => boolean = () => true): string | undefined {
    if (name.length > LONGEST_NAME) return undefined
    const matches: Match[] = []
    const first = Array.from({ length: name.length + 1 }, (_, index) => index)
    this.#collect(name, this.#root, { before: [], last: first, letter: -1 }, matches)
    return matches
      .sort((a, b) => a.distance - b.distance || a.position - b.position)
      .find((match) => accepts(match.name))?.name
  }

  #collect(name: string, branch: Branch, rows: Rows, matches: Match[]): void {
    const most = mostEdits(name)
    const distance = rows.last[name.length] ?? most + 1
    if (branch.position !== undefined && distance > 0 && distance <= most)
      matches.push({
        name: this.#names[branch.position] ?? '',
        position: branch.position,
        distance,
      })
    for (const [letter, next] of branch.next) {
      this.#steps++
      const row = rowFor(name, letter, rows)
      // A transposition reaches back over two rows.
      if (Math.min(...row) <= most || Math.min(...rows.last) < most)
        this.#collect(name, next, { before: rows.last, last: row, letter }, matches)
    }
  }
}

/** With how many edits a name is still a misspelling. */
function mostEdits(name: string): number {
  return Math.min(MOST_EDITS, Math.floor(name.length / 3))
}

function rowFor(name: string, letter: number, { before, last, letter: previous }: Rows): number[] {
  const row = [(last[0] ?? 0) + 1]
  for (let at = 1; at <= name.length; at++) {
    const substitution = (last[at - 1] ?? 0) + (name.charCodeAt(at - 1) === letter ? 0 : 1)
    let cost = Math.min((last[at] ?? 0) + 1, (row[at - 1] ?? 0) + 1, substitution)
    if (
      at > 1 &&
      before.length > 0 &&
      name.charCodeAt(at - 1) === previous &&
      name.charCodeAt(at - 2) === letter
    )
      cost = Math.min(cost, (before[at - 2] ?? 0) + 1)
    row.push(cost)
  }
  return row
}
