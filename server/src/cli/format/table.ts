import { printable } from '@istio-ambient-policy/shared'
import { displayWidth } from '../style.js'

/** A table with aligned columns, as of `kubectl` and `istioctl`. */
export function formatTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const cells = [headings, ...rows.map((row) => row.map(printable))]
  const widths = headings.map((_, column) =>
    Math.max(...cells.map((row) => displayWidth(row[column] ?? ''))),
  )
  return cells
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - displayWidth(cell)))
          .join('   ')
          .trimEnd()}\n`,
    )
    .join('')
}
