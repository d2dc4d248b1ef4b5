import type { Mesh } from '../mesh/mesh.js'
import { ruleTests, type AttributeTest } from '../resources/attributeTests.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import { isHttpAttribute } from '../vocabulary/attributes.js'
import { parseServiceAccount } from '../vocabulary/serviceAccountName.js'
import { matchesValue } from '../waypoint/attributes.js'
import { expandPrincipal } from '../waypoint/trustDomains.js'
import type { Atom, Constant, DimensionName } from './atom.js'
import { pathPattern, textPattern } from './textPattern.js'

/** What a proxy of Istio's Envoy can read where it evaluates a policy. */
export interface Sight {
  /** The client, and not a waypoint in front of the proxy. */
  readonly client: boolean
  /** The address from which the client connects. */
  readonly sourceIp: boolean
  readonly http: boolean
}

/** The tests of a policy at Envoy, as far as the proxy can read their attributes. */
export function policyAtoms(mesh: Mesh, policy: AuthorizationPolicy, sight: Sight): Atom[] {
  const { trustDomain, trustDomainAliases: aliases } = mesh.settings
  const context = { policyNamespace: policy.namespace, trust: { trustDomain, aliases } }
  return testsOf(mesh, policy)
    .filter(({ attribute }) => isRead(attribute, sight))
    .flatMap((test) => {
      const dimension = dimensionOf(test)
      if (dimension === undefined) return []
      return [...test.values, ...test.notValues].flatMap((value) =>
        constantsOf(test, value, context).map((constant): Atom => {
          const owner = test.attribute === 'serviceAccount' ? ` in ${policy.namespace}` : ''
          return {
            id: `${test.attribute} ${test.entry.join('.')}${owner} ${value}`,
            dimension,
            constant,
            test: (connection) => matchesValue(test, value, connection, context),
          }
        }),
      )
    })
}

/** Whether a rule of a policy has an attribute that exists on HTTP chains only. */
export function readsHttp(mesh: Mesh, policy: AuthorizationPolicy): boolean {
  return testsOf(mesh, policy).some(({ attribute }) => isHttpAttribute(attribute))
}

function testsOf(mesh: Mesh, policy: AuthorizationPolicy): AttributeTest[] {
  return mesh.perQuery(testsOfPolicy, policy)
}

function testsOfPolicy({ rules }: AuthorizationPolicy): AttributeTest[] {
  return rules.flatMap((rule) => ruleTests(rule).flat())
}

function isRead(attribute: AttributeTest['attribute'], sight: Sight): boolean {
  if (isHttpAttribute(attribute)) return sight.http
  if (attribute === 'sourceIp') return sight.sourceIp
  return attribute === 'remoteIp' || sight.client
}

/** Undefined for an attribute that a request of this project has no field for, and for ports. */
function dimensionOf({ attribute, entry }: AttributeTest): DimensionName | undefined {
  switch (attribute) {
    case 'principal':
    case 'namespace':
    case 'serviceAccount':
    case 'trustDomain':
      return 'client'
    case 'sourceIp':
    case 'remoteIp':
      return 'address'
    case 'method':
    case 'path':
    case 'host':
      return attribute
    case 'header':
      return headerDimension(entry[0] ?? '')
    case 'requestPrincipal':
    case 'audience':
    case 'presenter':
    case 'claim':
      return 'token'
    case 'port':
    case 'destinationIp':
    case 'serverName':
    case 'filterState':
      return undefined
  }
}

const PSEUDO_HEADERS: ReadonlyMap<string, DimensionName> = new Map([
  [':method', 'method'],
  [':path', 'path'],
  [':authority', 'host'],
  ['x-forwarded-for', 'address'],
])

/** The dimension of a header. Undefined for a header of Envoy that a request of this project cannot have. */
export function headerDimension(name: string): DimensionName | undefined {
  const lower = name.toLowerCase()
  return PSEUDO_HEADERS.get(lower) ?? (lower.startsWith(':') ? undefined : `header ${lower}`)
}

const TOKEN_CLAIMS = { audience: ['aud'], presenter: ['azp'] } as const

function constantsOf(
  { attribute, entry }: AttributeTest,
  value: string,
  context: Parameters<typeof matchesValue>[3],
): Constant[] {
  switch (attribute) {
    case 'principal':
      return expandPrincipal(value, context.trust)
        .slice(0, 1)
        .map((principal) => ({ type: 'principal', value: principal }))
    case 'namespace':
      return [{ type: 'namespace', value }]
    case 'trustDomain':
      return [{ type: 'trust domain', value }]
    case 'serviceAccount':
      return [{ type: 'account', ...parseServiceAccount(value, context.policyNamespace) }]
    case 'sourceIp':
    case 'remoteIp':
      return [{ type: 'block', block: value, isRemote: attribute === 'remoteIp' }]
    case 'path':
      return [{ type: 'text', pattern: pathPattern(value), isRaw: false }]
    case 'host':
      return [{ type: 'text', pattern: textPattern(value.toLowerCase()), isRaw: false }]
    case 'method':
    case 'header':
      return [{ type: 'text', pattern: textPattern(value), isRaw: attribute === 'header' }]
    case 'requestPrincipal':
      return [{ type: 'request principal', value }]
    case 'audience':
    case 'presenter':
      return [{ type: 'claim', path: TOKEN_CLAIMS[attribute], pattern: textPattern(value) }]
    case 'claim':
      return [{ type: 'claim', path: entry, pattern: textPattern(value) }]
    case 'port':
    case 'destinationIp':
    case 'serverName':
    case 'filterState':
      return []
  }
}
