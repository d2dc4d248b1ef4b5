/** How many times as many cases as usual: 10 with `npm run test:deep`. */
const DEPTH = Number(process.env['TEST_DEPTH'] ?? 1)

/**
 * The number of cases of a property.
 *
 * @param usual the number with `npm test`
 * @param more how many times as many cases `npm run test:deep` has, beyond its usual ten times. For properties whose
 * cases take long.
 */
export function runs(usual: number, more = 1): number {
  return DEPTH === 1 ? usual : usual * DEPTH * more
}

/** Every n-th of many cases with `npm test`. With `npm run test:deep`, ten times as many, and all of them for `every` up to 10. */
export function sampled<T>(cases: readonly T[], every: number): readonly T[] {
  const step = Math.max(1, Math.round(every / DEPTH))
  return cases.filter((_, index) => index % step === 0)
}
