import type { Schema } from '@cfworker/json-schema'
import { entryOf, type YamlNode, type YamlScalar } from '../../yaml/node.js'
import { apiScalar, typeName } from './apiValue.js'

/**
 * Whether a node certainly matches a schema. Nearly every object does, and this takes a tenth of
 * the time of the library, which needs plain data. If the result is false, the library decides and
 * says why. Only the keywords of our schemas are implemented.
 */
export function matchesSchema(node: YamlNode, schema: Schema): boolean {
  switch (node.type) {
    case 'scalar':
      return scalarFits(node, schema)
    case 'seq': {
      const { items, minItems = 0, maxItems = Infinity } = schema
      const count = node.items.length
      if (!isAllowed('array', schema) || count < minItems || count > maxItems) return false
      const each = Array.isArray(items) ? false : items
      for (const item of node.items) if (!partFits(item, each)) return false
      return true
    }
    case 'map': {
      const {
        properties,
        additionalProperties,
        required,
        minProperties = 0,
        maxProperties = Infinity,
      } = schema
      const count = node.entries.length
      if (!isAllowed('object', schema) || count < minProperties || count > maxProperties)
        return false
      if (required) for (const name of required) if (entryOf(node, name) === undefined) return false
      for (const { key, value } of node.entries) {
        if (
          !partFits(
            value,
            properties && Object.hasOwn(properties, key) ? properties[key] : additionalProperties,
          )
        )
          return false
      }
      return true
    }
  }
}

function partFits(node: YamlNode, schema: Schema | boolean | undefined): boolean {
  return typeof schema === 'object' ? matchesSchema(node, schema) : schema !== false
}

function scalarFits(node: YamlScalar, schema: Schema): boolean {
  const value = apiScalar(node)
  if (!isAllowed(typeName(value), schema) || (schema.enum && !schema.enum.includes(value)))
    return false
  if (typeof value === 'number')
    return value >= numeric(schema.minimum, -Infinity) && value <= numeric(schema.maximum, Infinity)
  if (typeof value !== 'string') return true
  // A string has at least as many UTF-16 units as characters: if it is too long here, the library decides.
  const { minLength = 0, maxLength = Infinity, pattern } = schema
  return (
    (minLength <= 1 ? value.length >= minLength : false) &&
    value.length <= maxLength &&
    (pattern === undefined || new RegExp(pattern, 'u').test(value))
  )
}

function isAllowed(type: string, { type: wanted }: Schema): boolean {
  if (wanted === undefined || wanted === type) return true
  return Array.isArray(wanted)
    ? wanted.some((one) => one === type)
    : wanted === 'number' && type === 'integer'
}

function numeric(limit: unknown, otherwise: number): number {
  return typeof limit === 'number' ? limit : otherwise
}
