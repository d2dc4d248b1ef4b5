import {
  OPERATION_FIELDS,
  SOURCE_FIELDS,
  type AuthorizationPolicy,
} from '../../resources/authorizationPolicy.js'
import type { FieldPath } from '../../yaml/node.js'

/** One list of values in a rule: a field of a source or an operation, or the `values` or `notValues` of a condition. */
export class RuleAttribute {
  /** Index in `spec.rules`. */
  readonly rule: number
  /** The field's name, `not…` included, or the condition's key. */
  readonly name: string
  /** Whether the values are those that must not match. */
  readonly negated: boolean
  readonly values: readonly string[]
  readonly on: 'key' | 'value'
  /** The source, operation or condition that it is one part of. */
  readonly entry: FieldPath

  constructor({ rule, name, negated, values, on, entry }: Omit<RuleAttribute, 'path' | 'list'>) {
    this.rule = rule
    this.name = name
    this.negated = negated
    this.values = values
    this.on = on
    this.entry = entry
  }

  /** Where its name stands: a field's key, or the value of a condition's `key`. Made for those who ask: most attributes are found to be right. */
  get path(): FieldPath {
    return [...this.entry, this.on === 'key' ? this.name : 'key']
  }

  /** The list of values. */
  get list(): FieldPath {
    return this.on === 'key' ? this.path : [...this.entry, this.negated ? 'notValues' : 'values']
  }
}

/** Attributes whose values may name a service account. */
export const ACCOUNT_ATTRIBUTES: ReadonlySet<string> = new Set([
  'principals',
  'notPrincipals',
  'serviceAccounts',
  'notServiceAccounts',
  'source.principal',
  'source.serviceAccount',
])

/** Every attribute of a policy's rules, in the order of the text's structure: sources, operations, conditions. */
export function attributesOf(policy: Pick<AuthorizationPolicy, 'rules'>): readonly RuleAttribute[] {
  const found: RuleAttribute[] = []
  policy.rules.forEach(({ from, to, when }, rule) => {
    from?.forEach((source, at) => {
      addFields(found, {
        rule,
        fields: source,
        names: SOURCE_FIELDS,
        entry: ['spec', 'rules', rule, 'from', at, 'source'],
      })
    })
    to?.forEach((operation, at) => {
      addFields(found, {
        rule,
        fields: operation,
        names: OPERATION_FIELDS,
        entry: ['spec', 'rules', rule, 'to', at, 'operation'],
      })
    })
    when?.forEach(({ key, values, notValues }, at) => {
      const entry = ['spec', 'rules', rule, 'when', at]
      if (values.length > 0)
        found.push(
          new RuleAttribute({ rule, name: key, negated: false, values, on: 'value', entry }),
        )
      if (notValues.length > 0)
        found.push(
          new RuleAttribute({
            rule,
            name: key,
            negated: true,
            values: notValues,
            on: 'value',
            entry,
          }),
        )
    })
  })
  return found
}

interface Fields<F extends string> {
  readonly rule: number
  readonly fields: Readonly<Partial<Record<F, readonly string[]>>> | undefined
  readonly names: readonly F[]
  readonly entry: FieldPath
}

function addFields<F extends string>(
  found: RuleAttribute[],
  { rule, fields, names, entry }: Fields<F>,
): void {
  if (!fields) return
  for (const name of names) {
    const values = fields[name]
    if (values)
      found.push(
        new RuleAttribute({
          rule,
          name,
          negated: name.startsWith('not'),
          values,
          on: 'key',
          entry,
        }),
      )
  }
}
