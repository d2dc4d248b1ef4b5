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
  /** Whether it stands in a `not…` list. */
  readonly negated: boolean
  /** Whether it stands in a `from` entry, and not in a condition. */
  readonly inSource: boolean
}

/** Every value that a policy's attributes of these names have; those that another tool fills in are left out. */
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

/** What a value that never matches means in a policy. */
export function consequenceOfNoMatch(
  { action }: AuthorizationPolicy,
  { negated }: WrittenValue,
): string {
  if (negated) return 'excepts nobody'
  return action === 'DENY' ? 'stops nobody' : 'admits nobody'
}

/** Whether a policy can only refuse more once a value of it begins to match. */
export function refusesMore({ action }: AuthorizationPolicy, { negated }: WrittenValue): boolean {
  return (action === 'DENY') !== negated
}
