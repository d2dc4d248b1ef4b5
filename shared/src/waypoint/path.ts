import { textMatcher } from '../text/pattern/matchText.js'
import { literal, oneOf, repeat, sequence } from '../text/pattern/pattern.js'
import { matchesPattern } from './stringMatch.js'

const UNRESERVED = /%(2[DdEe]|3[0-9]|4[1-9A-Fa-f]|5[0-9Aa]|5[Ff]|6[1-9A-Fa-f]|7[0-9Aa]|7[Ee])/g
/** Characters that Envoy's URI templates allow in a segment. */
const SLASH = 47
const IN_SEGMENT = /^[a-zA-Z0-9\-._~%!$&'()+,;:@=]$/

/**
 * A request path after Istio's default normalisation, as Envoy's RBAC filter sees it: without query and fragment, `\`
 * as `/`, unreserved characters decoded, dot segments resolved. Double and trailing slashes, `%2F` and path
 * parameters stay (docs/semantics.md §3.9).
 */
export function normalizePath(path: string): string {
  // A request is compared with many patterns, one after another.
  if (path !== latest.path) latest = { path, normal: normalized(path) }
  return latest.normal
}

let latest = { path: '', normal: '' }

function normalized(path: string): string {
  const [bare = ''] = path.split(/[?#]/)
  const decoded = bare
    .replaceAll('\\', '/')
    .replace(UNRESERVED, (escape) => String.fromCharCode(parseInt(escape.slice(1), 16)))
  const result: string[] = []
  const segments = decoded.split('/')
  for (const [index, segment] of segments.entries()) {
    const last = index === segments.length - 1
    if (segment === '..') {
      if (result.length > 1) result.pop()
      if (last) result.push('')
    } else if (segment === '.') {
      if (last) result.push('')
    } else {
      result.push(segment)
    }
  }
  return result.join('/')
}

/** The path of a request with its query, as Envoy's filters see `:path`: normalised before they run. */
export function normalizeTarget(path: string): string {
  const query = path.indexOf('?')
  return normalizePath(path) + (query < 0 ? '' : path.slice(query))
}

/**
 * Whether a normalised path matches a value of `paths`: exact, prefix, suffix, any, or URI template. A template of many
 * thousand characters, which no path can match, matches nothing.
 */
export function matchesPath(pattern: string, path: string): boolean {
  return pattern.includes('{*}') || pattern.includes('{**}')
    ? templateMatcher(pattern)?.(path) === true
    : matchesPattern(pattern, path)
}

const SEGMENT_CHARACTER = oneOf((codePoint) => IN_SEGMENT.test(String.fromCodePoint(codePoint)))
const PATH_CHARACTER = oneOf(
  (codePoint) => codePoint === SLASH || IN_SEGMENT.test(String.fromCodePoint(codePoint)),
)

function templateMatcher(template: string): ReturnType<typeof textMatcher> {
  const parts = template.split(/(\{\*\*\}|\{\*\})/).map((part) => {
    if (part === '{*}') return repeat(SEGMENT_CHARACTER, 1)
    return part === '{**}' ? repeat(PATH_CHARACTER, 0) : literal(part)
  })
  return textMatcher(sequence(parts))
}
