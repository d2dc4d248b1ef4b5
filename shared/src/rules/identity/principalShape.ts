import { isOneAccount, parsePrincipal, SPIFFE } from '../../vocabulary/principal.js'
import { formatServiceAccount } from '../../vocabulary/serviceAccountName.js'

/**
 * Why a principal never matches an identity `<trust domain>/ns/<namespace>/sa/<service account>`.
 */
export type PrincipalFault = 'prefix' | 'wildcard' | 'shape' | 'trust-domain'

/**
 * Why a principal never matches; undefined if it can match. All proxies compare it in the same way:
 * a `*` at the start, else at the end, is a wildcard, and everything else is literal
 * (docs/semantics.md §4.2, §5.2).
 *
 * @param trustDomain the trust domain of all identities; undefined if it is not known.
 */
export function principalFault(
  value: string,
  trustDomain: string | undefined,
): PrincipalFault | undefined {
  if (value.startsWith(SPIFFE)) return 'prefix'
  const [kind, literal] = patternOf(value)
  if (literal.includes('*')) return 'wildcard'
  if (!isPossiblePart(literal, kind)) return 'shape'
  if (trustDomain === undefined || kind === 'end' || kind === 'any') return undefined
  const [first = '', ...rest] = literal.split('/')
  const fits = rest.length > 0 ? first === trustDomain : trustDomain.startsWith(first)
  return fits ? undefined : 'trust-domain'
}

type PartKind = 'whole' | 'start' | 'end' | 'any'

function patternOf(value: string): [PartKind, string] {
  if (value === '*') return ['any', '']
  if (value.startsWith('*')) return ['end', value.slice(1)]
  return value.endsWith('*') ? ['start', value.slice(0, -1)] : ['whole', value]
}

/** The fixed words among the five segments of an identity. */
const WORDS: readonly (string | undefined)[] = [undefined, 'ns', undefined, 'sa', undefined]

/** Whether a text can be a whole identity, or the start or end of one. */
function isPossiblePart(text: string, kind: PartKind): boolean {
  if (kind === 'any') return true
  const segments = text.split('/')
  if (segments.length > WORDS.length || (kind === 'whole' && segments.length < WORDS.length))
    return false
  const offset = kind === 'end' ? WORDS.length - segments.length : 0
  return segments.every((segment, index) => {
    const word = WORDS[index + offset]
    const cutOff = kind === 'start' && index === segments.length - 1
    const cutOn = kind === 'end' && index === 0
    if (word === undefined) return segment !== '' || cutOff || cutOn
    if (cutOff) return word.startsWith(segment)
    return cutOn ? word.endsWith(segment) : segment === word
  })
}

/**
 * `namespace/serviceAccount` of a principal that names one service account, also in a wrong form;
 * undefined for others.
 */
export function accountOf(principal: string): string | undefined {
  const parsed = parsePrincipal(principal)
  if (parsed) return isOneAccount(parsed) ? formatServiceAccount(parsed) : undefined
  return /^[^/*.]+\/[^/*]+$/.test(principal) ? principal : undefined
}
