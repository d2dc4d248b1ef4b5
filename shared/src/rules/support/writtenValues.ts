import type { AuthorizationPolicy, SourceField } from '../../resources/authorizationPolicy.js'
import type { FieldPath } from '../../yaml/node.js'
import { isPlaceholder } from '../../yaml/placeholder.js'

/** One value of a list in a policy's rules. */
export interface WrittenValue {
  readonly value: string
  readonly path: FieldPath
  /** Whether it stands in a `not…` list. */
  readonly negated: boolean
  /** Whether it stands in a `from` entry, and not in a condition. */
  readonly inSource: boolean
}

/** An attribute of the source with its negation, and the keys of conditions that mean the same. */
export interface AttributeNames {
  readonly positive: SourceField
  readonly negative: SourceField
  readonly conditions: readonly string[]
}

/** Every value that the rules of a policy give to an attribute; those that another tool fills in are left out. */
export function writtenValues(policy: AuthorizationPolicy, { positive, negative, conditions }: AttributeNames): WrittenValue[] {
  const found = policy.rules.flatMap(({ from, when }, rule) => {
    const path: FieldPath = ['spec', 'rules', rule]
    const sources = (from ?? []).flatMap((source, at) => {
      const list = (field: SourceField): WrittenValue[] => itemsOf(source?.[field], [...path, 'from', at, 'source', field], { negated: field === negative, inSource: true })
      return [...list(positive), ...list(negative)]
    })
    const keyed = (when ?? []).flatMap(({ key, values, notValues }, at) => {
      if (!conditions.includes(key)) return []
      return [
        ...itemsOf(values, [...path, 'when', at, 'values'], { negated: false, inSource: false }),
        ...itemsOf(notValues, [...path, 'when', at, 'notValues'], { negated: true, inSource: false }),
      ]
    })
    return [...sources, ...keyed]
  })
  return found.filter(({ value }) => !isPlaceholder(value))
}

function itemsOf(values: readonly string[] | undefined, path: FieldPath, kind: Pick<WrittenValue, 'negated' | 'inSource'>): WrittenValue[] {
  return (values ?? []).map((value, index) => ({ value, path: [...path, index], ...kind }))
}

/** What a value that never matches means in a policy. */
export function futility({ action }: AuthorizationPolicy, { negated }: WrittenValue): string {
  if (negated) return 'excepts nobody'
  return action === 'DENY' ? 'stops nobody' : 'admits nobody'
}

/** Whether a policy can only refuse more once a value of it begins to match. */
export function refusesMore({ action }: AuthorizationPolicy, { negated }: WrittenValue): boolean {
  return (action === 'DENY') !== negated
}
