import { Memo, keptDependents } from './memo.js'
import type { Query } from './query.js'

/**
 * All memoised results, by argument: few queries have the same argument, and all results about a
 * removed object are in one place.
 */
export class Memos<C> {
  /** The first result for each argument. */
  readonly #byArgument = new Map<unknown, Memo<C>>()
  #size = 0
  #removed = 0

  get size(): number {
    return this.#size
  }

  /** How many results were removed so far. */
  get removed(): number {
    return this.#removed
  }

  /** The first result for an argument. */
  first(argument: unknown): Memo<C> | undefined {
    return this.#byArgument.get(argument)
  }

  find(query: object, argument: unknown): Memo<C> | undefined {
    let memo = this.#byArgument.get(argument)
    while (memo && memo.query !== query) memo = memo.next
    return memo
  }

  add<A extends string | object, V>(query: Query<C, A, V>, argument: A): Memo<C> {
    const memo = new Memo<C>(query, argument as never)
    let last = this.#byArgument.get(argument)
    while (last?.next) last = last.next
    if (last) last.next = memo
    else this.#byArgument.set(argument, memo)
    this.#size++
    return memo
  }

  /** Removes a result, and releases what it refers to. */
  remove(memo: Memo<C>): void {
    const first = this.#byArgument.get(memo.argument)
    if (first !== memo) {
      for (let before = first; before; before = before.next)
        if (before.next === memo) before.next = memo.next
    } else if (memo.next) this.#byArgument.set(memo.argument, memo.next)
    else this.#byArgument.delete(memo.argument)
    memo.drop()
    this.#size--
    this.#removed++
  }

  /**
   * The results for text on which no other result depends, for example about a name that is no
   * longer in the files. Results about an object are remembered until the object is removed. The
   * caller may remove each one at once.
   */
  *unused(): Generator<Memo<C>> {
    for (const first of this.#byArgument.values()) {
      for (let memo: Memo<C> | undefined = first, next; memo; memo = next) {
        next = memo.next
        memo.dependents = keptDependents(memo.dependents)
        if (!memo.dependents && typeof memo.argument === 'string') yield memo
      }
    }
  }
}
