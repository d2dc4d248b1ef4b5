import type { Manifest } from './values.js'

/** Texts of policies, with the placeholders for them. */
export const OPENED: readonly (readonly [string, string])[] = [
  ['cluster.local/ns/', '${TRUST_DOMAIN}/ns/'],
  ['"GET"', '"${METHOD}"'],
  ['"80"', '"${PORT}"'],
  ['10.0.0.0/8', '${BLOCK}'],
  ['"STRICT"', '"${MODE}"'],
  ['"DENY"', '"${ACTION}"'],
  ['"app":"web"', '"app":"${APP}"'],
]

/** An object of which another tool fills in some values. */
export function withPlaceholder(
  object: Manifest,
  [text, placeholder]: readonly [string, string],
): Manifest {
  const spec: unknown = JSON.parse(JSON.stringify(object.spec).replaceAll(text, placeholder))
  return { ...object, spec }
}
