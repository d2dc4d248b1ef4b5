import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import {
  OPERATION_FIELDS,
  SOURCE_FIELDS,
  type AttributeField,
} from '../../vocabulary/attributeFields.js'
import { factsOf, type AttributeLayer, type AttributeName } from '../../vocabulary/attributes.js'
import { attributeOfKey } from '../../vocabulary/whenKeys.js'
import type { FieldPath } from '../../yaml/node.js'

/**
 * A list of values in a rule: a field of a source or an operation, or the `values` or `notValues`
 * of a condition.
 */
export class RuleAttribute {
  /** Index in `spec.rules`. */
  readonly rule: number
  /** The field's name, `not…` included, or the condition's key. */
  readonly name: string
  /** What the field or the key names. Undefined for a key that Istio does not know. */
  readonly attribute: AttributeName | undefined
  /** Whether the list has the values that must not match. */
  readonly negated: boolean
  readonly values: readonly string[]
  readonly on: 'key' | 'value'
  /** Path of its source, operation or condition. */
  readonly entry: FieldPath

  constructor({
    rule,
    name,
    attribute,
    negated,
    values,
    on,
    entry,
  }: Omit<RuleAttribute, 'path' | 'list' | 'layer'>) {
    this.rule = rule
    this.name = name
    this.attribute = attribute
    this.negated = negated
    this.values = values
    this.on = on
    this.entry = entry
  }

  /**
   * Path of the name: of the field, or of the condition's `key`. Computed on demand: most
   * attributes need no path.
   */
  get path(): FieldPath {
    return [...this.entry, this.on === 'key' ? this.name : 'key']
  }

  /** Path of the list of values. */
  get list(): FieldPath {
    return this.on === 'key' ? this.path : [...this.entry, this.negated ? 'notValues' : 'values']
  }

  /** What ztunnel does with the attribute at this place. It treats an unknown key as L7. */
  get layer(): AttributeLayer {
    if (this.attribute === undefined) return 'L7'
    const { source, operation, when } = factsOf(this.attribute)
    return (this.on === 'key' ? (source ?? operation) : when)?.layer ?? 'L7'
  }
}

/** Every attribute of a policy's rules, rule by rule: sources, operations, conditions. */
export function attributesOf(policy: Pick<AuthorizationPolicy, 'rules'>): readonly RuleAttribute[] {
  const found: RuleAttribute[] = []
  policy.rules.forEach(({ from, to, when }, rule) => {
    from?.forEach((source, at) => {
      const entry = ['spec', 'rules', rule, 'from', at, 'source']
      addFields(found, { rule, lists: source, fields: SOURCE_FIELDS, entry })
    })
    to?.forEach((operation, at) => {
      const entry = ['spec', 'rules', rule, 'to', at, 'operation']
      addFields(found, { rule, lists: operation, fields: OPERATION_FIELDS, entry })
    })
    when?.forEach(({ key: name, values, notValues }, at) => {
      const attribute = attributeOfKey(name)?.attribute
      const condition = {
        rule,
        name,
        attribute,
        on: 'value',
        entry: ['spec', 'rules', rule, 'when', at],
      } as const
      if (values.length > 0) found.push(new RuleAttribute({ ...condition, negated: false, values }))
      if (notValues.length > 0)
        found.push(new RuleAttribute({ ...condition, negated: true, values: notValues }))
    })
  })
  return found
}

interface Fields<F extends string> {
  readonly rule: number
  readonly lists: Readonly<Partial<Record<F, readonly string[]>>> | undefined
  readonly fields: readonly AttributeField<F>[]
  readonly entry: FieldPath
}

function addFields<F extends string>(
  found: RuleAttribute[],
  { rule, lists, fields, entry }: Fields<F>,
): void {
  if (!lists) return
  for (const { field: name, attribute, negated } of fields) {
    const values = lists[name]
    if (values)
      found.push(new RuleAttribute({ rule, name, attribute, negated, values, on: 'key', entry }))
  }
}
