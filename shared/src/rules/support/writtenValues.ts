import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { AttributeName } from '../../vocabulary/attributes.js'
import type { FieldPath } from '../../yaml/node.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import type { RuleAttribute } from './ruleAttributes.js'

/** One value of a list in a policy's rules. */
export interface WrittenValue {
  /** The attribute that has it: a field, `not…` included, or the key of a condition. */
  readonly name: string
  readonly value: string
  readonly path: FieldPath
  /** Whether it is in a `not…` list. */
  readonly negated: boolean
  /** Whether it is in a `from` entry, not in a condition. */
  readonly inSource: boolean
}

/** Every value of the attributes with these names, except values that another tool fills in. */
export function writtenValues(
  attributes: readonly RuleAttribute[],
  names: readonly AttributeName[],
): WrittenValue[] {
  return attributes
    .filter(({ attribute }) => attribute !== undefined && names.includes(attribute))
    .flatMap(({ name, negated, on, values, list }) => {
      return values
        .map((value, at) => ({ name, value, path: [...list, at], negated, inSource: on === 'key' }))
        .filter(({ value }) => !isPlaceholder(value))
    })
}

/**
 * The effect of a value that never matches: `allows nothing`, `denies nothing` or `excludes
 * nothing`.
 */
export function consequenceOfNoMatch(
  { action }: AuthorizationPolicy,
  { negated }: WrittenValue,
): string {
  if (negated) return 'excludes nothing'
  return action === 'DENY' ? 'denies nothing' : 'allows nothing'
}

/** Whether a policy can only deny more when this value starts to match. */
export function onlyDeniesMore(
  { action }: AuthorizationPolicy,
  { negated }: WrittenValue,
): boolean {
  return (action === 'DENY') !== negated
}
