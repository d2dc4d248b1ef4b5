/**
 * Whether two results of a query are the same for the queries that depend on it. Plain data is
 * compared by structure. Resources are compared by identity, because a changed resource is another
 * argument for other queries.
 */
export function isSameResult(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || 'origin' in a)
    return false
  if (Array.isArray(a)) return Array.isArray(b) && areSameItems(a, b)
  if (a instanceof Set) return b instanceof Set && areSameItems([...a], [...b])
  if (a instanceof Map) return b instanceof Map && areSameItems([...a].flat(), [...b].flat())
  return isPlain(a) && isPlain(b) && areSameFields(a, b)
}

function areSameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => isSameResult(item, b[index]))
}

function areSameFields(a: object, b: object): boolean {
  const fields = Object.entries(a)
  const others = new Map<string, unknown>(Object.entries(b))
  return (
    fields.length === others.size &&
    fields.every(([name, value]) => others.has(name) && isSameResult(value, others.get(name)))
  )
}

function isPlain(value: object): boolean {
  return Object.getPrototypeOf(value) === Object.prototype
}
