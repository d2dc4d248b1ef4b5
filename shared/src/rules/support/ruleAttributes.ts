import { OPERATION_FIELDS, SOURCE_FIELDS, type AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { FieldPath } from '../../yaml/node.js'

/** One list of values in a rule: a field of a source or an operation, or the `values` or `notValues` of a condition. */
export interface RuleAttribute {
  /** Index in `spec.rules`. */
  readonly rule: number
  /** The field's name, `not…` included, or the condition's key. */
  readonly name: string
  /** Whether the values are those that must not match. */
  readonly negated: boolean
  readonly values: readonly string[]
  /** Where its name stands: a field's key, or the value of a condition's `key`. */
  readonly path: FieldPath
  readonly on: 'key' | 'value'
  /** The list of values. */
  readonly list: FieldPath
  /** The source, operation or condition that it is one part of. */
  readonly entry: FieldPath
}

/** Every attribute of a policy's rules, in the order of the text's structure: sources, operations, conditions. */
export function attributesOf(policy: Pick<AuthorizationPolicy, 'rules'>): RuleAttribute[] {
  return policy.rules.flatMap(({ from, to, when }, rule) => {
    const base: FieldPath = ['spec', 'rules', rule]
    const sources = (from ?? []).flatMap((source, at) => SOURCE_FIELDS.flatMap((name) => fieldAttribute({ rule, name, values: source?.[name], entry: [...base, 'from', at, 'source'] })))
    const operations = (to ?? []).flatMap((operation, at) => OPERATION_FIELDS.flatMap((name) => fieldAttribute({ rule, name, values: operation?.[name], entry: [...base, 'to', at, 'operation'] })))
    const conditions = (when ?? []).flatMap((condition, at) => (['values', 'notValues'] as const).filter((list) => condition[list].length > 0).map((list): RuleAttribute => {
      const entry = [...base, 'when', at]
      return { rule, name: condition.key, negated: list === 'notValues', values: condition[list], path: [...entry, 'key'], on: 'value', list: [...entry, list], entry }
    }))
    return [...sources, ...operations, ...conditions]
  })
}

function fieldAttribute({ rule, name, values, entry }: { readonly rule: number; readonly name: string; readonly values: readonly string[] | undefined; readonly entry: FieldPath }): RuleAttribute[] {
  const path = [...entry, name]
  return values ? [{ rule, name, negated: name.startsWith('not'), values, path, on: 'key', list: path, entry }] : []
}
