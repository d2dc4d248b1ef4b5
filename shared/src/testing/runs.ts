/** How many times as many cases as usual: 10 with `npm run test:deep`. */
const DEPTH = Number(process.env['TEST_DEPTH'] ?? 1)

/**
 * The number of cases of a property.
 *
 * @param usual the number with `npm test`
 */
export function runs(usual: number): number {
  return usual * DEPTH
}
