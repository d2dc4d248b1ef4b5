import type { Fix } from '../fix.js'

/** The available fixes in order of preference; only the first can be the preferred one. */
export function rankFixes(...fixes: readonly (Fix | undefined)[]): Fix[] {
  return fixes
    .flatMap((fix) => fix ?? [])
    .map((fix, index) => (index === 0 ? fix : { ...fix, preferred: false }))
}

/** The fixes that are preferred where they come first, before the others. */
export function byPreference(...fixes: readonly (Fix | undefined)[]): readonly (Fix | undefined)[] {
  return [...fixes.filter((fix) => fix?.preferred), ...fixes.filter((fix) => !fix?.preferred)]
}
