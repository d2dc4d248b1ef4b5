import type { ReleaseFact } from './releases.js'

/**
 * What ztunnel does with an attribute, at one of the places where a rule can name it:
 *
 * - `L4`: ztunnel matches it.
 * - `L7`: istiod drops an ALLOW rule that has it, and removes it from a DENY rule.
 * - `ignored`: istiod removes it from every rule, and no status reports that.
 */
export type AttributeLayer = 'L4' | 'L7' | 'ignored'

/** Where a proxy reads an attribute. What comes from the request or its token exists on HTTP chains only. */
export type AttributeOrigin = 'certificate' | 'connection' | 'request' | 'token' | 'filter'

/** What a value of an attribute names. */
export type ValueKind =
  | 'principal'
  | 'request principal'
  | 'namespace'
  | 'service account'
  | 'trust domain'
  | 'address block'
  | 'host'
  | 'port'
  | 'method'
  | 'path'
  | 'server name'
  | 'header'
  | 'claim'
  | 'filter state'

/** What istiod's webhook requires of a value that is not empty. */
export type ValueFormat =
  | 'any'
  | 'address'
  | 'port'
  | 'path'
  | 'service account'
  | 'trust domain'
  | 'wildcard'

/** A field of a source or an operation, with the field for values that must not match. */
interface FieldRow<F extends string = string> {
  readonly field: F
  readonly notField: F
  readonly layer: AttributeLayer
  readonly format: ValueFormat
}

/**
 * A key of `when`. `[…]` is the name of an entry, `[…][…]` a name within a name, `*` any text:
 * `request.headers[…]` is the form of `request.headers[x-env]`.
 */
interface KeyRow {
  readonly key: string
  readonly layer: Exclude<AttributeLayer, 'ignored'>
  readonly format: ValueFormat
}

interface AttributeRow<S extends string = string, O extends string = string> {
  readonly source?: FieldRow<S>
  readonly operation?: FieldRow<O>
  readonly when?: KeyRow
  readonly value: ValueKind
  readonly readFrom: AttributeOrigin
  /** The fact in the table of releases that says since when Istio has it. Absent: in every supported release. */
  readonly since?: ReleaseFact
}

/**
 * The attributes that a rule of an AuthorizationPolicy can name, one row for each, in the order of
 * Istio's API.
 *
 * Sources: `networking/security/v1beta1/authorization_policy.proto` for fields and keys,
 * `pilot/pkg/serviceregistry/ambient/authorization.go` for the layers (docs/semantics.md §4.3),
 * `pkg/config/security/security.go` for the formats (docs/semantics.md §8.2).
 */
export const ATTRIBUTES = {
  principal: {
    source: { field: 'principals', notField: 'notPrincipals', layer: 'L4', format: 'any' },
    when: { key: 'source.principal', layer: 'L4', format: 'any' },
    value: 'principal',
    readFrom: 'certificate',
  },
  requestPrincipal: {
    source: {
      field: 'requestPrincipals',
      notField: 'notRequestPrincipals',
      layer: 'L7',
      format: 'any',
    },
    when: { key: 'request.auth.principal', layer: 'L7', format: 'any' },
    value: 'request principal',
    readFrom: 'token',
  },
  namespace: {
    source: { field: 'namespaces', notField: 'notNamespaces', layer: 'L4', format: 'any' },
    when: { key: 'source.namespace', layer: 'L4', format: 'any' },
    value: 'namespace',
    readFrom: 'certificate',
  },
  sourceIp: {
    source: { field: 'ipBlocks', notField: 'notIpBlocks', layer: 'L4', format: 'address' },
    when: { key: 'source.ip', layer: 'L4', format: 'address' },
    value: 'address block',
    readFrom: 'connection',
  },
  remoteIp: {
    source: {
      field: 'remoteIpBlocks',
      notField: 'notRemoteIpBlocks',
      layer: 'L7',
      format: 'address',
    },
    when: { key: 'remote.ip', layer: 'L7', format: 'address' },
    value: 'address block',
    readFrom: 'connection',
  },
  serviceAccount: {
    source: {
      field: 'serviceAccounts',
      notField: 'notServiceAccounts',
      layer: 'L4',
      format: 'service account',
    },
    when: { key: 'source.serviceAccount', layer: 'L7', format: 'service account' },
    value: 'service account',
    readFrom: 'certificate',
    since: 'serviceAccountFields',
  },
  trustDomain: {
    source: {
      field: 'trustDomains',
      notField: 'notTrustDomains',
      layer: 'ignored',
      format: 'trust domain',
    },
    when: { key: 'source.trustDomain', layer: 'L7', format: 'wildcard' },
    value: 'trust domain',
    readFrom: 'certificate',
    since: 'trustDomainFields',
  },
  host: {
    operation: { field: 'hosts', notField: 'notHosts', layer: 'L7', format: 'any' },
    value: 'host',
    readFrom: 'request',
  },
  port: {
    operation: { field: 'ports', notField: 'notPorts', layer: 'L4', format: 'port' },
    when: { key: 'destination.port', layer: 'L4', format: 'port' },
    value: 'port',
    readFrom: 'connection',
  },
  method: {
    operation: { field: 'methods', notField: 'notMethods', layer: 'L7', format: 'any' },
    value: 'method',
    readFrom: 'request',
  },
  path: {
    operation: { field: 'paths', notField: 'notPaths', layer: 'L7', format: 'path' },
    value: 'path',
    readFrom: 'request',
  },
  destinationIp: {
    when: { key: 'destination.ip', layer: 'L4', format: 'address' },
    value: 'address block',
    readFrom: 'connection',
  },
  serverName: {
    when: { key: 'connection.sni', layer: 'L7', format: 'any' },
    value: 'server name',
    readFrom: 'connection',
  },
  header: {
    when: { key: 'request.headers[…]', layer: 'L7', format: 'any' },
    value: 'header',
    readFrom: 'request',
  },
  audience: {
    when: { key: 'request.auth.audiences', layer: 'L7', format: 'any' },
    value: 'claim',
    readFrom: 'token',
  },
  presenter: {
    when: { key: 'request.auth.presenter', layer: 'L7', format: 'any' },
    value: 'claim',
    readFrom: 'token',
  },
  claim: {
    when: { key: 'request.auth.claims[…][…]', layer: 'L7', format: 'any' },
    value: 'claim',
    readFrom: 'token',
  },
  filterState: {
    when: { key: 'experimental.envoy.filters.*[…]', layer: 'L7', format: 'any' },
    value: 'filter state',
    readFrom: 'filter',
  },
} as const satisfies Readonly<Record<string, AttributeRow>>

type Rows = typeof ATTRIBUTES
export type AttributeName = keyof Rows

/** The attributes whose row has given facts. A table for only these attributes is a `Record` of them. */
type AttributeWith<Facts> = {
  [N in AttributeName]: Rows[N] extends Facts ? N : never
}[AttributeName]

export type SourceAttribute = AttributeWith<{ readonly source: object }>
export type OperationAttribute = AttributeWith<{ readonly operation: object }>
export type WhenAttribute = AttributeWith<{ readonly when: object }>

/** The attributes that ztunnel matches in a field, in a condition, or in both. */
export type L4Attribute = AttributeWith<
  | { readonly source: { readonly layer: 'L4' } }
  | { readonly operation: { readonly layer: 'L4' } }
  | { readonly when: { readonly layer: 'L4' } }
>
/** The attributes that exist on HTTP chains only. */
export type HttpAttribute = AttributeWith<{ readonly readFrom: 'request' | 'token' }>
export type CertificateAttribute = AttributeWith<{ readonly readFrom: 'certificate' }>
export type TokenAttribute = AttributeWith<{ readonly readFrom: 'token' }>

type FieldNames<Row> = Row extends { readonly field: infer F; readonly notField: infer N }
  ? F | N
  : never
/** A field of `from[].source`. */
export type SourceField = FieldNames<Rows[SourceAttribute]['source']>
/** A field of `to[].operation`. */
export type OperationField = FieldNames<Rows[OperationAttribute]['operation']>

/** A `when` key as it is written in a policy: the form of the table with a name in each `[…]`. */
export type WhenKey<N extends WhenAttribute> = WrittenKey<Rows[N]['when']['key']>
type WrittenKey<Form extends string> = Form extends `${infer Before}*[…]`
  ? `${Before}${string}[${string}]`
  : Form extends `${infer Before}[…]${string}`
    ? `${Before}[${string}]`
    : Form

export type AttributeFacts = AttributeRow<SourceField, OperationField>
const FACTS: Readonly<Record<AttributeName, AttributeFacts>> = ATTRIBUTES

/** The row of an attribute. */
export function factsOf(attribute: AttributeName): AttributeFacts {
  return FACTS[attribute]
}

export function isAttributeName(text: string): text is AttributeName {
  return Object.hasOwn(ATTRIBUTES, text)
}

/** Every attribute, in the order of the table. */
export const ATTRIBUTE_NAMES: readonly AttributeName[] =
  Object.keys(ATTRIBUTES).filter(isAttributeName)

export function isHttpAttribute(attribute: AttributeName): attribute is HttpAttribute {
  const { readFrom } = FACTS[attribute]
  return readFrom === 'request' || readFrom === 'token'
}

export function isTokenAttribute(attribute: AttributeName): attribute is TokenAttribute {
  return FACTS[attribute].readFrom === 'token'
}

export function isCertificateAttribute(
  attribute: AttributeName,
): attribute is CertificateAttribute {
  return FACTS[attribute].readFrom === 'certificate'
}
