const NONE: readonly never[] = []

/** A list that is kept, without the room for more that lists have which grew one by one: most are short, and the room is many times what they hold. */
export function trimmed<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? NONE : list.slice()
}
