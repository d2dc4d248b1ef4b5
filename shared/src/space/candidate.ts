import type { RequestHttp, RequestSource } from '../access/request.js'

/** Some fields of a request. */
export interface RequestPatch {
  readonly from?: RequestSource
  readonly http?: RequestHttp
}

/** How general the words of a candidate are. The most general words name a class. */
export const GENERALITY = { rest: 0, group: 1, pattern: 2, part: 3, exact: 4, list: 5 } as const

/** A value of a dimension that may be in a class of its own. Candidates are listed with the simplest ones first. */
export interface Candidate {
  readonly patch: RequestPatch
  /** `GET`, `/orders*`, `any other account of shop`. */
  readonly words: string
  /** What several candidates have in common, for all of them together: `clients with a sidecar`. */
  readonly group?: string | undefined
  readonly generality: (typeof GENERALITY)[keyof typeof GENERALITY]
}

/** Both patches together. Fields of the second replace those of the first; headers and claims are joined. */
export function joinPatches(first: RequestPatch, second: RequestPatch): RequestPatch {
  const from =
    first.from && second.from ? { ...first.from, ...second.from } : (second.from ?? first.from)
  const http =
    first.http && second.http ? joinHttp(first.http, second.http) : (second.http ?? first.http)
  if (from) return http ? { from, http } : { from }
  return http ? { http } : {}
}

function joinHttp(first: RequestHttp, second: RequestHttp): RequestHttp {
  return {
    ...first,
    ...second,
    ...(first.headers && second.headers
      ? { headers: { ...first.headers, ...second.headers } }
      : {}),
    ...(first.claims && second.claims ? { claims: { ...first.claims, ...second.claims } } : {}),
  }
}
