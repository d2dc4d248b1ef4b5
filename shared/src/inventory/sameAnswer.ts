/**
 * Whether two answers of a query are one to whoever reads them: plain data by structure, objects of the mesh by identity, for they are asked about again.
 */
export function sameAnswer(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || 'origin' in a)
    return false
  if (Array.isArray(a)) return Array.isArray(b) && sameItems(a, b)
  if (a instanceof Set) return b instanceof Set && sameItems([...a], [...b])
  if (a instanceof Map) return b instanceof Map && sameItems([...a].flat(), [...b].flat())
  return isPlain(a) && isPlain(b) && sameFields(a, b)
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => sameAnswer(item, b[index]))
}

function sameFields(a: object, b: object): boolean {
  const fields = Object.entries(a)
  const others = new Map<string, unknown>(Object.entries(b))
  return (
    fields.length === others.size &&
    fields.every(([name, value]) => others.has(name) && sameAnswer(value, others.get(name)))
  )
}

function isPlain(value: object): boolean {
  return Object.getPrototypeOf(value) === Object.prototype
}
