import { escapeRegExp, matchesPattern } from './stringMatch.js'

const UNRESERVED = /%(2[DdEe]|3[0-9]|4[1-9A-Fa-f]|5[0-9Aa]|5[Ff]|6[1-9A-Fa-f]|7[0-9Aa]|7[Ee])/g
/** Characters that Envoy's URI templates allow in a segment. */
const SEGMENT = `[a-zA-Z0-9\\-._~%!$&'()+,;:@=]`

/**
 * A request path after Istio's default normalisation, as Envoy's RBAC filter sees it: without query and fragment, `\`
 * as `/`, unreserved characters decoded, dot segments resolved. Double and trailing slashes, `%2F` and path
 * parameters stay (docs/semantics.md §3.9).
 */
export function normalizePath(path: string): string {
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

/** Whether a normalised path matches a value of `paths`: exact, prefix, suffix, any, or URI template. */
export function matchesPath(pattern: string, path: string): boolean {
  return pattern.includes('{*}') || pattern.includes('{**}')
    ? templateExpression(pattern).test(path)
    : matchesPattern(pattern, path)
}

function templateExpression(template: string): RegExp {
  const parts = template.split(/(\{\*\*\}|\{\*\})/).map((part) => {
    if (part === '{*}') return `${SEGMENT}+`
    return part === '{**}' ? `(?:${SEGMENT}|/)*` : escapeRegExp(part)
  })
  return new RegExp(`^${parts.join('')}$`)
}
