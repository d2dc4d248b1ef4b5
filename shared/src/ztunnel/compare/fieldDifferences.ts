import { formatCidr, parseCidr } from '../../text/ip.js'

/** A field with two values. */
export interface FieldDifference {
  /** Such as `rules[0][1][0].destinationPorts`. */
  readonly field: string
  readonly predicted: unknown
  readonly actual: unknown
}

/**
 * The fields that differ. The order of a list has no effect in ztunnel's policies, and an absent field is the same as
 * an empty one. The differences are as deep in the values as both sides have the same shape.
 */
export function fieldDifferences(
  predicted: unknown,
  actual: unknown,
  field: string,
): FieldDifference[] {
  if (canonical(predicted) === canonical(actual)) return []
  if (isList(predicted) && isList(actual) && predicted.length === actual.length) {
    const isOfValues = [...predicted, ...actual].some((item) => !isList(item) && !isFields(item))
    if (!isOfValues && field !== '')
      return pairs(predicted, actual).flatMap(([index, one, other]) =>
        fieldDifferences(one, other, `${field}[${index}]`),
      )
  }
  if (isFields(predicted) && isFields(actual)) {
    const keys = new Set([...Object.keys(predicted), ...Object.keys(actual)])
    return [...keys].flatMap((key) =>
      fieldDifferences(predicted[key], actual[key], field === '' ? key : `${field}.${key}`),
    )
  }
  return [{ field, predicted: predicted ?? null, actual: actual ?? null }]
}

/** The items that only one side has, paired in their order. */
function pairs(
  predicted: readonly unknown[],
  actual: readonly unknown[],
): (readonly [index: number, predicted: unknown, actual: unknown])[] {
  const left = actual.map((item) => ({ item, key: canonical(item) }))
  const unpaired = [...predicted.entries()].filter(([, item]) => {
    const at = left.findIndex(({ key }) => key === canonical(item))
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
  return unpaired.map(([index, item], position) => [index, item, left[position]?.item] as const)
}

function canonical(value: unknown): string {
  if (isList(value)) return `[${value.map(canonical).sort().join(',')}]`
  if (isFields(value)) {
    const entries = Object.entries(value).filter(
      ([key, field]) => key === 'Presence' || !isEmpty(field),
    )
    return `{${entries
      .map(([key, field]) => `${key}:${key === 'Presence' ? '' : canonical(field)}`)
      .sort()
      .join(',')}}`
  }
  if (typeof value === 'string') return JSON.stringify(canonicalBlock(value))
  return isEmpty(value) ? '[]' : JSON.stringify(value)
}

/** An address or block in one form: `10.0.0.1/32`. Other texts stay. */
function canonicalBlock(value: string): string {
  const block = /^[\d.:a-fA-F]+(\/\d{1,3})?$/.test(value) ? parseCidr(value) : undefined
  return block ? formatCidr(block) : value
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (isList(value) && value.length === 0)
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value)
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
