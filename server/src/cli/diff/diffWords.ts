import { CHANGE_KINDS, groupBy } from '@istio-ambient-policy/shared'
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

/** What is not compared, one line for each reason: `templates are not rendered (9): a.yaml, b.yaml, …`. */
export function notComparedInWords({ notComparable }: DiffReport): string[] {
  return [...groupBy(notComparable, ({ reason }) => reason)].map(
    ([reason, list]) =>
      `${reason} (${list.length}): ${shortList(
        list.map(({ what }) => what),
        MOST_EXAMPLES,
      ).join(', ')}`,
  )
}

const MOST_NAMES = 20
const MOST_EXAMPLES = 5

/** A list whose end is only counted if it is long. */
export function shortList(names: readonly string[], most = MOST_NAMES): string[] {
  return names.length <= most
    ? [...names]
    : [...names.slice(0, most), `${names.length - most} more`]
}
