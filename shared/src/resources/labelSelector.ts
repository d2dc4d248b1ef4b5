import { isPlaceholder } from '../yaml/placeholder.js'
import type { LabelSelector } from './gateway.js'
import type { Labels } from './resourceBase.js'

type MatchExpression = LabelSelector['matchExpressions'][number]

/**
 * `metav1.LabelSelectorAsSelector`: an empty selector matches everything; an unknown operator
 * matches nothing.
 */
export function matchesLabelSelector(selector: LabelSelector, labels: Labels | undefined): boolean {
  return requirementsOf(selector).every((requirement) => meets(requirement, labels))
}

/**
 * Whether a selector matches labels that are not all known. Values of another tool are not known
 * either.
 *
 * @param isKnown whether the value of a key is known, or that the key is absent.
 */
export function matchOfLabelSelector(
  selector: LabelSelector,
  labels: Labels | undefined,
  isKnown: (key: string) => boolean,
): boolean | 'unknown' {
  const results = requirementsOf(selector).map((requirement) =>
    isKnown(requirement.key) && !requirement.values.some(isPlaceholder)
      ? meets(requirement, labels)
      : 'unknown',
  )
  if (results.includes(false)) return false
  return results.includes('unknown') ? 'unknown' : true
}

function requirementsOf({ matchLabels, matchExpressions }: LabelSelector): MatchExpression[] {
  return [
    ...Object.entries(matchLabels ?? {}).map(([key, value]) => ({
      key,
      operator: 'In',
      values: [value],
    })),
    ...matchExpressions,
  ]
}

function meets({ key, operator, values }: MatchExpression, labels: Labels | undefined): boolean {
  const value = labels?.[key]
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    default:
      return false
  }
}
