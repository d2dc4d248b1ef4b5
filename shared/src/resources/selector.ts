import type { ObjectReader } from './objectReader.js'
import type { Labels } from './resourceBase.js'

/** An Istio `WorkloadSelector`. `matchLabels` is undefined for `selector: {}`. */
export interface WorkloadSelector {
  readonly matchLabels: Labels | undefined
}

export function decodeSelector(spec: ObjectReader | undefined): WorkloadSelector | undefined {
  const selector = spec?.object('selector')
  return selector ? { matchLabels: selector.stringMap('matchLabels') } : undefined
}

export function isEmptyLabels(labels: Labels | undefined): boolean {
  return labels === undefined || Object.keys(labels).length === 0
}

/**
 * Whether the labels contain all labels of the selector (`labels/instance.go` SubsetOf). An empty
 * selector matches everything.
 */
export function matchesLabels(selector: Labels | undefined, labels: Labels | undefined): boolean {
  if (selector === undefined) return true
  return Object.keys(selector).every((key) => labels?.[key] === selector[key])
}
