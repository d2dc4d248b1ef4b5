import type { Fix } from '../fix.js'

/** The fixes that can be offered, of which at most the first is preferred: a person can want only one. */
export function rankFixes(...fixes: readonly (Fix | undefined)[]): Fix[] {
  return fixes
    .flatMap((fix) => fix ?? [])
    .map((fix, index) => (index === 0 ? fix : { ...fix, preferred: false }))
}
