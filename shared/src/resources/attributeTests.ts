import { ATTRIBUTE_NAMES, factsOf, type AttributeName } from '../vocabulary/attributes.js'
import { attributeOfKey } from '../vocabulary/whenKeys.js'
import type { Condition, Operation, Rule, Source } from './authorizationPolicy.js'

/** What one source, operation or condition of a rule requires of one attribute. */
export interface AttributeTest {
  readonly attribute: AttributeName
  /** The names in the brackets of a `when` key: `['x-env']` of `request.headers[x-env]`. */
  readonly entry: readonly string[]
  /** One of these must match. Empty: no value is required. */
  readonly values: readonly string[]
  /** None of these may match. */
  readonly notValues: readonly string[]
}

const SOURCE_ROWS = ATTRIBUTE_NAMES.flatMap((attribute) => {
  const { source } = factsOf(attribute)
  return source ? [{ ...source, attribute }] : []
})
const OPERATION_ROWS = ATTRIBUTE_NAMES.flatMap((attribute) => {
  const { operation } = factsOf(attribute)
  return operation ? [{ ...operation, attribute }] : []
})

/** The tests of a source, in the order of the API. */
export function sourceTests(source: Source | undefined): AttributeTest[] {
  return source
    ? SOURCE_ROWS.flatMap(({ attribute, field, notField }) =>
        testOf(attribute, source[field], source[notField]),
      )
    : []
}

/** The tests of an operation, in the order of the API. */
export function operationTests(operation: Operation | undefined): AttributeTest[] {
  return operation
    ? OPERATION_ROWS.flatMap(({ attribute, field, notField }) =>
        testOf(attribute, operation[field], operation[notField]),
      )
    : []
}

/** The test of a condition. Undefined for a key that Istio does not know. */
export function conditionTest({ key, values, notValues }: Condition): AttributeTest | undefined {
  const known = attributeOfKey(key)
  return known && { ...known, values, notValues }
}

/** The tests of a rule, entry by entry: of each source, each operation and each condition. */
export function ruleTests({ from, to, when }: Rule): AttributeTest[][] {
  return [
    ...(from ?? []).map(sourceTests),
    ...(to ?? []).map(operationTests),
    ...(when ?? []).map((condition) => {
      const test = conditionTest(condition)
      return test ? [test] : []
    }),
  ]
}

function testOf(
  attribute: AttributeName,
  values: readonly string[] = [],
  notValues: readonly string[] = [],
): AttributeTest[] {
  return values.length + notValues.length > 0 ? [{ attribute, entry: [], values, notValues }] : []
}
