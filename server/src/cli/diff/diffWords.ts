import { CHANGE_KINDS } from '@istio-ambient-policy/shared'
import { counted } from '../format/words.js'
import type { DiffReport } from './diffReport.js'

/** `2 gained, 1 lost`, or `no change of access`. */
export function changesInSummary({ changes }: DiffReport): string {
  const counts = CHANGE_KINDS.map((kind) => ({
    kind,
    count: changes.filter((change) => change.kind === kind).length,
  })).filter(({ count }) => count > 0)
  return counts.length === 0
    ? 'no change of access'
    : counts.map(({ kind, count }) => `${count} ${kind}`).join(', ')
}

/** `8 destinations are the same, 1 is added, 1 is removed`. */
export function destinationsInSummary({
  destinations: { same, added, removed },
}: DiffReport): string {
  return [
    `${counted(same, 'destination')} without a change`,
    ...(added.length > 0 ? [`${added.length} added`] : []),
    ...(removed.length > 0 ? [`${removed.length} removed`] : []),
  ].join(', ')
}
