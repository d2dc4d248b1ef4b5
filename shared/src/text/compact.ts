const NONE: readonly never[] = []

/** The same list for keeping: no longer than what it holds, where one that grew item by item has room for as many as sixteen more. */
export function compact<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? NONE : list.slice()
}
