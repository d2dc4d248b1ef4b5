/** One empty list for all lists that are kept for long. */
export const NONE: readonly never[] = []

/** The items by their key, in the order in which the keys first occur. */
export function groupBy<K, V>(items: Iterable<V>, keyOf: (item: V) => K): Map<K, V[]> {
  const groups = new Map<K, V[]>()
  for (const item of items) addToGroup(groups, keyOf(item), item)
  return groups
}

/** Appends one item to the list of a key. */
export function addToGroup<K, V>(
  groups: { get(key: K): V[] | undefined; set(key: K, value: V[]): unknown },
  key: K,
  item: V,
): void {
  const group = groups.get(key)
  if (group) group.push(item)
  else groups.set(key, [item])
}

/** Appends items to the list of a key. */
export function addAllToGroup<K, V>(groups: Map<K, V[]>, key: K, items: readonly V[]): void {
  const group = groups.get(key)
  if (group) group.push(...items)
  else groups.set(key, [...items])
}

/** The value of a key. The first call for a key creates it. */
export function getOrInsert<K, V>(
  map: { get(key: K): V | undefined; set(key: K, value: V): unknown },
  key: K,
  make: () => V,
): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const value = make()
  map.set(key, value)
  return value
}

/** A function that computes its value once for all arguments with the same key. */
export function oncePerKey<A, V extends object>(
  keyOf: (argument: A) => string,
  compute: (argument: A) => V,
): (argument: A) => V {
  const known = new Map<string, V>()
  return (argument) => getOrInsert(known, keyOf(argument), () => compute(argument))
}

/**
 * A copy of a list that is kept for long. An array that grew with `push` or `flatMap` has room for
 * up to sixteen more items, the copy has not.
 */
export function compact<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? NONE : list.slice()
}
