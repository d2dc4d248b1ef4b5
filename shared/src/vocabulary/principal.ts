import type { Span } from '../text/lineIndex.js'
import { formatServiceAccount, type ServiceAccountName } from './serviceAccountName.js'

/** The identity in a client's certificate. */
export interface Identity {
  readonly trustDomain: string
  readonly namespace: string
  readonly serviceAccount: string
}

/** How identities are written in certificates. Policies write them without it. */
export const SPIFFE = 'spiffe://'

/** A principal without `spiffe://`. */
export function withoutScheme(principal: string): string {
  return principal.startsWith(SPIFFE) ? principal.slice(SPIFFE.length) : principal
}

/** An identity as `principals` writes it: `cluster.local/ns/shop/sa/web`. */
export function formatPrincipal({ trustDomain, namespace, serviceAccount }: Identity): string {
  return `${trustDomain}/${accountPath({ namespace, serviceAccount })}`
}

/** An identity as certificates write it: `spiffe://cluster.local/ns/shop/sa/web`. */
export function formatSpiffeId(identity: Identity): string {
  return `${SPIFFE}${formatPrincipal(identity)}`
}

/** The part of a principal behind the trust domain: `ns/shop/sa/web`. */
export function accountPath({ namespace, serviceAccount }: ServiceAccountName): string {
  return `ns/${namespace}/sa/${serviceAccount}`
}

/** A principal that a policy names. Each part may be a pattern with `*`. */
export interface Principal extends Identity {
  /** Whether it starts with `spiffe://`. Proxies compare without, so such a principal never matches. */
  readonly hasScheme: boolean
}

/**
 * The parts of a principal: `cluster.local/ns/shop/sa/web`, with or without `spiffe://`. The trust
 * domain is `''` where it is missing. Undefined where the text does not end with
 * `ns/<namespace>/sa/<service account>`.
 */
export function parsePrincipal(text: string): Principal | undefined {
  const parts = principalParts(text)
  return parts?.serviceAccount
    ? { ...parts, namespace: parts.namespace.name, serviceAccount: parts.serviceAccount.name }
    : undefined
}

/** The account of a principal, `shop/web`, or the text itself where it has none. */
export function shortPrincipal(principal: string): string {
  const parsed = parsePrincipal(principal)
  return parsed ? formatServiceAccount(parsed) : principal
}

/** Whether a principal is of one account, and not of a pattern. Its trust domain may be a pattern. */
export function isOneAccount({ namespace, serviceAccount }: ServiceAccountName): boolean {
  return !namespace.includes('*') && !serviceAccount.includes('*')
}

/** A name in a principal, and where it is in the text. */
export interface PrincipalPart {
  readonly name: string
  readonly span: Span
}

/** A principal, or a pattern that ends after the namespace: `cluster.local/ns/shop/*`. */
export interface PrincipalParts {
  readonly hasScheme: boolean
  /** `''` where it is missing. */
  readonly trustDomain: string
  readonly namespace: PrincipalPart
  readonly serviceAccount: PrincipalPart | undefined
}

/** The limit of a SPIFFE ID. */
const MAX_LENGTH = 2048

// The placeholder of a namespace that no file names, `?apps/shop`, can contain slashes.
const PARTS = /^(spiffe:\/\/)?(.*?)(?:^|\/)ns\/(\?.*?(?=\/sa\/|$)|[^/]+)(?:\/(?:sa\/([^/]+)$)?|$)/d

/** The parts of a principal as far as they are written. Undefined where it has no namespace. */
export function principalParts(text: string): PrincipalParts | undefined {
  if (text.length > MAX_LENGTH) return undefined
  const [, scheme, trustDomain, namespace, serviceAccount] = PARTS.exec(text)?.indices ?? []
  return trustDomain && namespace
    ? {
        hasScheme: scheme !== undefined,
        trustDomain: text.slice(...trustDomain),
        namespace: partAt(text, namespace),
        serviceAccount: serviceAccount && partAt(text, serviceAccount),
      }
    : undefined
}

function partAt(text: string, [start, end]: readonly [number, number]): PrincipalPart {
  return { name: text.slice(start, end), span: { start, end } }
}
