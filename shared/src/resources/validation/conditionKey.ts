import { factsOf } from '../../vocabulary/attributes.js'
import { attributeOfKey, startsLikeBracketKey } from '../../vocabulary/whenKeys.js'
import { shortened } from './problem.js'
import { checkFormat, type ValueCheck } from './values.js'

// Keys of `when` (`security.go` ValidateAttribute, docs/semantics.md §8.2 row 26).

/** What is wrong with a key that is not empty. */
export const checkConditionKey: ValueCheck = (key) => {
  if (startsLikeBracketKey(key))
    return hasEntry(key)
      ? undefined
      : `bad key "${shortened(key)}": it should have the format a[b].`
  if (attributeOfKey(key)) return undefined
  if (key === 'destination.namespace')
    return 'attribute destination.namespace is replaced by the metadata.namespace.'
  if (key.startsWith('destination.labels'))
    return `attribute ${shortened(key)} is replaced by the workload selector.`
  if (key === 'destination.name' || key === 'destination.user')
    return `deprecated attribute ${key}: it was only supported in v1alpha1.`
  return `unknown attribute "${shortened(key)}".`
}

/** The check of the values of a key. Undefined where each value is valid. */
export function conditionValueCheck(key: string): ValueCheck | undefined {
  const known = attributeOfKey(key)
  return known && checkFormat(factsOf(known.attribute).when?.format)
}

function hasEntry(key: string): boolean {
  const open = key.indexOf('[')
  return key.endsWith(']') && open > 0 && open < key.length - 2
}
