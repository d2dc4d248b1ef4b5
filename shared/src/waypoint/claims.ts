import { matchesPattern } from './stringMatch.js'

type Claims = Readonly<Record<string, unknown>> | undefined

/** Claims that Envoy's JWT filter splits at spaces into lists. */
const SPACE_SEPARATED = new Set(['scope', 'permission'])

/**
 * Whether the claim at a path is a string that matches, or a list that contains one. Numbers and booleans never match
 * (docs/semantics.md §3.9).
 */
export function matchesClaim(path: readonly string[], pattern: string, claims: Claims): boolean {
  const value = path.reduce<unknown>((at, name) => (isRecord(at) ? at[name] : undefined), claims)
  const [first = ''] = path
  if (typeof value === 'string')
    return path.length === 1 && SPACE_SEPARATED.has(first)
      ? value.split(' ').some((word) => matchesPattern(pattern, word))
      : matchesPattern(pattern, value)
  return (
    Array.isArray(value) &&
    value.some((item) => typeof item === 'string' && matchesPattern(pattern, item))
  )
}

/**
 * A value of `requestPrincipals` against issuer and subject: split at the last `/`, with wildcards at the outer ends
 * only (generator.go:263-321).
 */
export function matchesRequestPrincipal(pattern: string, claims: Claims): boolean {
  const issuer = claims?.['iss']
  const subject = claims?.['sub']
  if (typeof issuer !== 'string' || typeof subject !== 'string') return false
  if (pattern === '*') return issuer !== '' && subject !== ''
  const slash = pattern.lastIndexOf('/')
  if (slash < 0) {
    if (pattern.startsWith('*')) return issuer !== '' && subject.endsWith(pattern.slice(1))
    return pattern.endsWith('*') ? issuer.startsWith(pattern.slice(0, -1)) && subject !== '' : false
  }
  const wantedIssuer = pattern.slice(0, slash)
  const wantedSubject = pattern.slice(slash + 1)
  if (pattern.startsWith('*'))
    return matchesPattern(wantedIssuer, issuer) && subject === wantedSubject
  if (pattern.endsWith('*'))
    return issuer === wantedIssuer && matchesPattern(wantedSubject, subject)
  return issuer === wantedIssuer && subject === wantedSubject
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
