import type { ValueCheck } from './values.js'

/**
 * `url(self).getScheme() in ["http", "https"]` and `security.ParseJwksURI`, which is Go's
 * `url.ParseRequestURI`.
 */
export const checkJwksUri: ValueCheck = (value) => {
  if (value === '') return undefined
  const [, scheme, rest = ''] = /^([a-zA-Z][a-zA-Z0-9+.-]*):([^?]*)/.exec(value) ?? []
  if (scheme === undefined || !/^https?$/i.test(scheme))
    return 'url must have scheme http:// or https://.'
  if (/[\x00-\x1f\x7f]/.test(value) || !isWellFormed(rest)) return 'this is not a valid URL.'
  return undefined
}

function isWellFormed(rest: string): boolean {
  if (!rest.startsWith('/')) return true
  const [, authority = '', path = ''] = /^(?:\/\/([^/]*))?(.*)$/s.exec(rest) ?? []
  const at = authority.lastIndexOf('@')
  const userinfo = authority.slice(0, Math.max(0, at))
  const host = authority.slice(at + 1)
  return (
    hasValidEscapes(path) &&
    /^[\w.~:!$&'()*+,;=%@-]*$/.test(userinfo) &&
    hasValidEscapes(userinfo) &&
    isHost(host)
  )
}

/**
 * A host name may contain more characters than in DNS. Rejected are only blanks, `\`, `^`, `` ` ``,
 * braces, `|`, `#` and escapes. A port is digits or empty.
 */
function isHost(host: string): boolean {
  if (host.startsWith('[')) return /^\[[^\]]*\](?::\d*)?$/.test(host)
  return (
    !/[\s\\^`{}|#%]/.test(host) &&
    !/:(?!\d*$)/.test(host.slice(host.lastIndexOf(':'))) &&
    Number(/:(\d*)$/.exec(host)?.[1] ?? 0) <= Number.MAX_SAFE_INTEGER
  )
}

function hasValidEscapes(text: string): boolean {
  return !/%(?![0-9a-fA-F]{2})/.test(text)
}
