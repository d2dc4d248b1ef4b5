import type { Schema } from '@cfworker/json-schema'
import type { YamlNode } from '../../yaml/node.js'
import { apiScalar } from './apiValue.js'

/**
 * The object without the null fields that the API server drops before it validates: those that the
 * schema declares as not nullable (`apiextensions-apiserver pkg/apiserver/schema/defaulting`
 * PruneNonNullableNullsWithoutDefaults). Null items of lists stay. The same node if nothing is
 * dropped.
 */
export function withoutNulls(node: YamlNode, schema: Schema): YamlNode {
  if (node.type === 'seq') {
    const { items: each } = schema
    if (typeof each !== 'object' || Array.isArray(each)) return node
    const items = node.items.map((item) => withoutNulls(item, each))
    return items.some((item, index) => item !== node.items[index]) ? { ...node, items } : node
  }
  if (node.type !== 'map') return node
  const entries = node.entries.flatMap((entry) => {
    const field = fieldSchema(schema, entry.key)
    if (field === undefined) return [entry]
    if (isNull(entry.value) && !isNullable(field)) return []
    const value = withoutNulls(entry.value, field)
    return [value === entry.value ? entry : { ...entry, value }]
  })
  const isSame =
    entries.length === node.entries.length &&
    entries.every((entry, index) => entry === node.entries[index])
  return isSame ? node : { ...node, entries }
}

function fieldSchema(
  { properties, additionalProperties }: Schema,
  name: string,
): Schema | undefined {
  if (properties && Object.hasOwn(properties, name)) {
    const field = properties[name]
    return typeof field === 'object' ? field : undefined
  }
  return typeof additionalProperties === 'object' ? additionalProperties : undefined
}

function isNull(node: YamlNode): boolean {
  return node.type === 'scalar' && apiScalar(node) === null
}

/** A schema without a type allows everything. */
function isNullable({ type }: Schema): boolean {
  return type === undefined || type === 'null' || (Array.isArray(type) && type.includes('null'))
}
