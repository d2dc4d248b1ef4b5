/** The results of functions of one object, until `clear`. */
export class PerQuery {
  readonly #results = new Map<object, Map<unknown, unknown>>()

  get<A extends object, V>(compute: (argument: A) => V, argument: A): V {
    const results = this.#results.get(compute) ?? new Map<unknown, unknown>()
    if (results.has(argument)) return results.get(argument) as V
    const result = compute(argument)
    this.#results.set(compute, results.set(argument, result))
    return result
  }

  clear(): void {
    this.#results.clear()
  }
}
