import type { LabelSelector } from './gateway.js'
import type { Labels } from './resourceBase.js'
import { matchesLabels } from './selector.js'

/**
 * `metav1.LabelSelectorAsSelector`: an empty selector matches everything; an unknown operator
 * matches nothing.
 */
export function matchesLabelSelector(selector: LabelSelector, labels: Labels | undefined): boolean {
  if (!matchesLabels(selector.matchLabels, labels)) return false
  return selector.matchExpressions.every(({ key, operator, values }) => {
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
  })
}
