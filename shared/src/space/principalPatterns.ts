import { textPattern, type TextPattern } from './textPattern.js'

/** What a principal, or a pattern of principals, says about the parts of an identity. */
export interface PrincipalPatterns {
  readonly trustDomain: readonly TextPattern[]
  readonly namespace: readonly TextPattern[]
  readonly serviceAccount: readonly TextPattern[]
}

const NOTHING: PrincipalPatterns = { trustDomain: [], namespace: [], serviceAccount: [] }
/** The places of the parts in `cluster.local/ns/shop/sa/web`. */
const PLACES = ['trustDomain', 'ns', 'namespace', 'sa', 'serviceAccount'] as const

/** The parts of a pattern, as far as it is long enough to name them. The outermost part can be cut. */
export function principalPatterns(pattern: string): PrincipalPatterns {
  const { kind, text } = textPattern(pattern)
  if (kind === 'present' || text === '') return NOTHING
  const segments = text.split('/')
  const offset = kind === 'suffix' ? PLACES.length - segments.length : 0
  return segments.reduce<PrincipalPatterns>((parts, segment, index) => {
    const place = PLACES[index + offset]
    if (place === undefined || place === 'ns' || place === 'sa') return parts
    const isCut =
      (kind === 'suffix' && index === 0) || (kind === 'prefix' && index === segments.length - 1)
    const found: TextPattern = { kind: isCut ? kind : 'exact', text: segment }
    return { ...parts, [place]: [...parts[place], found] }
  }, NOTHING)
}
