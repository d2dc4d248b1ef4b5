import { normalizePath } from './path.js'
import { headerName } from './headerName.js'
import type { NamedMatch, RequestMatch, StringMatch } from '../resources/requestMatch.js'
import { textMatcher } from '../text/pattern/matchText.js'
import { parseRegExp } from '../text/pattern/parseRegExp.js'
import { and, not, type Ternary } from './ternary.js'

/** What the match of a route can read of a request. Undefined fields are not known. */
export interface RoutedRequest {
  readonly method: string | undefined
  /** With its query. */
  readonly path: string | undefined
  readonly host: string | undefined
  readonly headers: Readonly<Record<string, string | readonly string[]>>
}

/**
 * Whether the match of an HTTP route takes a request (route.go TranslateRouteMatch). `undefined` for a request of
 * which nothing is known: only a match without conditions takes it for certain. The port and the source are not
 * compared here.
 */
export function matchesRequest(match: RequestMatch, request: RoutedRequest | undefined): Ternary {
  const { uri, method, authority, scheme, headers, withoutHeaders, queryParams } = match
  if (!request) return isAny(match) ? true : 'unknown'
  const [written = '', query = ''] = (request.path ?? '').split('?', 2)
  // Envoy normalises the path before it chooses a route.
  const path = normalizePath(written)
  const known = request.path !== undefined
  return and([
    isAnyUri(uri) || matchesText(uri, known ? path : undefined, match.ignoresUriCase),
    method === undefined || matchesText(method, request.method),
    authority === undefined || matchesText(authority, request.host),
    scheme === undefined ? true : 'unknown',
    ...headers.map((header) => matchesHeader(header, request)),
    ...withoutHeaders.map((header) => not(matchesHeader(header, request, ''))),
    ...queryParams.map((param) => (known ? matchesQuery(param, query) : 'unknown')),
  ])
}

function isAny(match: RequestMatch): boolean {
  const { uri, method, authority, scheme, headers, withoutHeaders, queryParams } = match
  return (
    isAnyUri(uri) &&
    [method, authority, scheme].every((part) => part === undefined) &&
    [headers, withoutHeaders, queryParams].every((list) => list.length === 0)
  )
}

function isAnyUri(uri: StringMatch | undefined): uri is undefined {
  return (
    uri === undefined ||
    uri.kind === 'present' ||
    (uri.kind !== 'exact' && uri.kind !== 'regex' && uri.value === '/')
  )
}

/** Istio reads such names from the token, and not from a header. */
const CLAIM_PREFIX = '@request.auth.claims'

/** @param missing the value of an absent header; undefined where an absent header never matches. */
function matchesHeader(
  { name, match }: NamedMatch,
  request: RoutedRequest,
  missing?: string,
): Ternary {
  if (name.startsWith(CLAIM_PREFIX)) return 'unknown'
  const wanted = headerName(name)
  const sent = Object.entries(request.headers).find(([key]) => headerName(key) === wanted)?.[1]
  const found = wanted === ':authority' ? (request.host ?? sent) : sent
  if (wanted === ':authority' && found === undefined) return 'unknown'
  if (match.kind === 'present' || match.value === '*') return found !== undefined
  const value = found === undefined || typeof found === 'string' ? found : found.join(',')
  const compared = value ?? missing
  return compared === undefined ? false : matchesText(match, compared)
}

function matchesQuery({ name, match }: NamedMatch, query: string): Ternary {
  const value = new URLSearchParams(query).get(name)
  if (value === null) return false
  return match.kind === 'present' || matchesText(match, value)
}

/** @param text undefined where it is not known. */
function matchesText(
  { kind, value }: StringMatch,
  text: string | undefined,
  ignoresCase = false,
): Ternary {
  if (text === undefined) return 'unknown'
  const [wanted, given] = ignoresCase ? [value.toLowerCase(), text.toLowerCase()] : [value, text]
  switch (kind) {
    case 'present':
      return true
    case 'exact':
      return given === wanted
    case 'prefix':
      return given.startsWith(wanted)
    case 'path prefix':
      return wanted === '/' || given === wanted || given.startsWith(`${wanted}/`)
    case 'regex':
      return matchesRegex(value, text, ignoresCase)
  }
}

/** Envoy compares the whole text with RE2. `unknown` for expressions with syntax that is not supported here. */
function matchesRegex(expression: string, text: string, ignoresCase: boolean): Ternary {
  const pattern = parseRegExp(expression, ignoresCase)
  return (pattern && textMatcher(pattern)?.(text)) ?? 'unknown'
}
