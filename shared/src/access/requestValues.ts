import { headerName } from '../waypoint/headerName.js'
import type { HttpAttribute } from '../vocabulary/attributes.js'
import { parseRequestPrincipal } from '../vocabulary/requestPrincipal.js'
import type { RequestHttp } from './request.js'

type Setter = (
  http: RequestHttp,
  value: string,
  entry: readonly string[],
) => RequestHttp | undefined

/** Undefined for an attribute that a request of this project has no field for. */
const SETTERS: Readonly<Record<HttpAttribute, Setter | undefined>> = {
  method: (http, method) => ({ ...http, method }),
  path: (http, path) => ({ ...http, path }),
  host: (http, host) => ({ ...http, host }),
  header: (http, value, [name = '']) => {
    if (headerName(name) === ':authority') return { ...http, host: value }
    return name.startsWith(':')
      ? undefined
      : { ...http, headers: { ...http.headers, [name]: value } }
  },
  requestPrincipal: (http, requestPrincipal) => ({ ...http, requestPrincipal, claims: undefined }),
  claim: (http, value, [name = '', ...nested]) =>
    nested.length > 0 ? undefined : withClaim(http, name, value),
  audience: undefined,
  presenter: undefined,
}

/**
 * A request with one value of an attribute, everything else unchanged. Undefined where a value cannot be
 * set: claims within claims, audiences, presenters and Envoy's own headers such as `:method`.
 */
export function withValue(
  http: RequestHttp,
  { attribute, entry }: { readonly attribute: HttpAttribute; readonly entry: readonly string[] },
  value: string,
): RequestHttp | undefined {
  return SETTERS[attribute]?.(http, value, entry)
}

/** A value that a pattern of a policy matches: `/items/x` for `/items/*`. */
export function exampleOf(pattern: string): string {
  return pattern.replace(/\{\*{1,2}\}/g, 'x').replace(/^\*|\*$/, 'x')
}

function withClaim(http: RequestHttp, name: string, value: string): RequestHttp {
  return { ...http, claims: { ...(http.claims ?? claimsOf(http.requestPrincipal)), [name]: value } }
}

/** The claims of a token of which only `issuer/subject` is known. */
export function claimsOf(requestPrincipal: string | undefined): RequestHttp['claims'] {
  const known = requestPrincipal === undefined ? undefined : parseRequestPrincipal(requestPrincipal)
  return known && { iss: known.issuer, sub: known.subject }
}
