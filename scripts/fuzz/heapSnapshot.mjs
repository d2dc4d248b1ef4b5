// The size of what the objects, texts and collections of a program take in a snapshot of its heap.

/** Of the hidden nodes: the lists of compiled code that depends on the shape of an object. */
const DEPENDENT_CODE = 'system / WeakArrayList'

/**
 * Compiled code is left out with all that V8 records about it: `v8.getHeapCodeStatistics` does not count feedback, handlers and
 * the lists of code that depends on a shape, which are nearly as large as the code.
 *
 * @param snapshot as parsed from JSON.
 */
export function dataSizeIn({ snapshot: { meta }, nodes, strings }) {
  const [types] = meta.node_types
  const [type, name, size] = ['type', 'name', 'self_size'].map((field) =>
    meta.node_fields.indexOf(field),
  )
  let total = 0
  for (let node = 0; node < nodes.length; node += meta.node_fields.length) {
    const typeOfNode = types[nodes[node + type]]
    const isCode =
      typeOfNode === 'code' ||
      (typeOfNode === 'hidden' && strings[nodes[node + name]] === DEPENDENT_CODE)
    if (!isCode) total += nodes[node + size]
  }
  return total
}
