/** The issuer and the subject of a verified token. */
export interface RequestPrincipal {
  readonly issuer: string
  readonly subject: string
}

/**
 * A request principal as policies write it, `<issuer>/<subject>`. The issuer may contain slashes.
 * Undefined where the text has none.
 */
export function parseRequestPrincipal(text: string): RequestPrincipal | undefined {
  const slash = text.lastIndexOf('/')
  return slash < 0 ? undefined : { issuer: text.slice(0, slash), subject: text.slice(slash + 1) }
}
