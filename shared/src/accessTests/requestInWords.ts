import type { AccessRequest } from '../access/request.js'
import { targetText } from './formatTestFile.js'

/** `shop/web`, or a client outside the mesh. */
export function clientInWords({ namespace, serviceAccount, ip }: AccessRequest['from']): string {
  return namespace === undefined
    ? `${ip ?? 'a client'} (outside the mesh)`
    : `${namespace}/${serviceAccount ?? ''}`
}

/** ` GET /items`; empty for a TCP connection. */
export function httpInWords({ http }: AccessRequest): string {
  return http ? ` ${http.method ?? 'GET'} ${http.path ?? '/'}` : ''
}

const PARTS: readonly (readonly [word: string, text: (request: AccessRequest) => string])[] = [
  [' from ', ({ from }) => clientInWords(from)],
  [' to ', ({ to }) => targetText(to)],
  [' with', httpInWords],
  [' for host ', ({ http }) => http?.host ?? ''],
]

/** Names each request of a case by what the others do not have: `The request from shop/web with GET /`. */
export function namesOfRequests(all: readonly AccessRequest[]): (request: AccessRequest) => string {
  const distinct = PARTS.filter(([, text]) => new Set(all.map(text)).size > 1)
  return (request) =>
    `The request${distinct.map(([word, text]) => (text(request) === '' ? '' : word + text(request))).join('')}`
}
