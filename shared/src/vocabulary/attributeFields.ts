import {
  ATTRIBUTE_NAMES,
  factsOf,
  type AttributeLayer,
  type AttributeName,
  type OperationField,
  type SourceField,
  type ValueFormat,
} from './attributes.js'

/** A field of a source or an operation. */
export interface AttributeField<F extends string = SourceField | OperationField> {
  readonly field: F
  readonly attribute: AttributeName
  /** Whether its values must not match: `notPrincipals`. */
  readonly negated: boolean
  readonly layer: AttributeLayer
  readonly format: ValueFormat
}

/** The fields of `from[].source`, in the order of the API. */
export const SOURCE_FIELDS: readonly AttributeField<SourceField>[] = ATTRIBUTE_NAMES.flatMap(
  (attribute) => fieldsOf(attribute, factsOf(attribute).source),
)

/** The fields of `to[].operation`, in the order of the API. */
export const OPERATION_FIELDS: readonly AttributeField<OperationField>[] = ATTRIBUTE_NAMES.flatMap(
  (attribute) => fieldsOf(attribute, factsOf(attribute).operation),
)

interface Row<F extends string> {
  readonly field: F
  readonly notField: F
  readonly layer: AttributeLayer
  readonly format: ValueFormat
}

function fieldsOf<F extends string>(
  attribute: AttributeName,
  row: Row<F> | undefined,
): AttributeField<F>[] {
  if (!row) return []
  const { field, notField, layer, format } = row
  return [
    { field, attribute, negated: false, layer, format },
    { field: notField, attribute, negated: true, layer, format },
  ]
}

const BY_NAME: ReadonlyMap<string, AttributeField> = new Map(
  [...SOURCE_FIELDS, ...OPERATION_FIELDS].map((field) => [field.field, field]),
)

/** The field of a name, whether a source or an operation has it. Undefined for other names. */
export function fieldNamed(name: string): AttributeField | undefined {
  return BY_NAME.get(name)
}
