import type { Condition, Rule } from '../../resources/authorizationPolicy.js'
import {
  OPERATION_FIELDS,
  SOURCE_FIELDS,
  type AttributeField,
} from '../../vocabulary/attributeFields.js'
import type { PlainObject, PlainValue } from '../fix.js'

/**
 * A rule as plain data for a new policy. Undefined where an entry lacks `source` or `operation`, which the
 * API server rejects.
 */
export function toPlainRule({ from, to, when }: Rule): PlainObject | undefined {
  const sources = from?.flatMap((source) =>
    source ? [{ source: fieldsOf(source, SOURCE_FIELDS) }] : [],
  )
  const operations = to?.flatMap((operation) =>
    operation ? [{ operation: fieldsOf(operation, OPERATION_FIELDS) }] : [],
  )
  if (sources?.length !== from?.length || operations?.length !== to?.length) return undefined
  return {
    ...(sources ? { from: sources } : {}),
    ...(operations ? { to: operations } : {}),
    ...(when ? { when: when.map(plainCondition) } : {}),
  }
}

function plainCondition({ key, values, notValues }: Condition): PlainObject {
  return {
    key,
    ...(values.length > 0 ? { values } : {}),
    ...(notValues.length > 0 ? { notValues } : {}),
  }
}

function fieldsOf<F extends string>(
  given: Readonly<Partial<Record<F, readonly string[]>>>,
  fields: readonly AttributeField<F>[],
): PlainObject {
  const result: Record<string, PlainValue> = {}
  for (const { field } of fields) {
    const values = given[field]
    if (values) result[field] = values
  }
  return result
}
