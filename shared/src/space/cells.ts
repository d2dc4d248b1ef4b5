import type { PartPlan } from './plan.js'

/** More cells of a destination are not evaluated. */
export const MOST_CELLS = 50_000

/** The number of cells of a part. */
export function cellsOf({ dimensions }: Pick<PartPlan, 'dimensions'>): number {
  return dimensions.reduce((product, { classes }) => product * classes.length, 1)
}

/** The comparisons that the cells of all parts need together. */
export function comparisonsIn(
  parts: readonly Pick<PartPlan, 'dimensions' | 'comparisons'>[],
): number {
  return parts.reduce((sum, part) => sum + cellsOf(part) * part.comparisons, 0)
}

/** The number of cells of all parts together. */
export function cellsIn(parts: readonly Pick<PartPlan, 'dimensions'>[]): number {
  return parts.reduce((sum, part) => sum + cellsOf(part), 0)
}
