import type { Mesh } from '../mesh/mesh.js'
import {
  conditionTest,
  operationTests,
  ruleTests,
  sourceTests,
  type AttributeTest,
} from '../resources/attributeTests.js'
import type { AuthorizationPolicy, Rule } from '../resources/authorizationPolicy.js'
import { isHttpAttribute } from '../vocabulary/attributes.js'
import { parseServiceAccount } from '../vocabulary/serviceAccountName.js'
import { matchesValue, valueMatcher } from '../waypoint/attributes.js'
import type { AttributeContext } from '../waypoint/identityMatch.js'
import type { EnvoyConnection } from '../waypoint/connection.js'
import { headerName } from '../waypoint/headerName.js'
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
  /** Whether the port of the connection is the one of the destination that is called. */
  readonly port: boolean
}

/** What is known of some requests: the port and some dimensions of a connection. */
export interface Known {
  readonly connection: EnvoyConnection
  readonly dimensions: ReadonlySet<DimensionName>
}

/**
 * The tests of a policy at Envoy, as far as the proxy can read their attributes.
 *
 * @param known rules that it excludes are left out.
 */
export function policyAtoms(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  sight: Sight,
  known?: Known,
): Atom[] {
  const { trustDomain, trustDomainAliases: aliases } = mesh.settings
  const context = { policyNamespace: policy.namespace, trust: { trustDomain, aliases } }
  const tests =
    known && sight.client
      ? policy.rules.flatMap((rule) =>
          possibleTests(entriesOf(rule), (test) => isExcluded(test, { known, sight, context })),
        )
      : testsOf(mesh, policy)
  return tests
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
            test: valueMatcher(test, value, context),
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

/** The tests of the entries of a rule that can match. None if the rule cannot match. */
function possibleTests(
  { from, to, conditions }: EntriesOfRule,
  isFalse: (test: AttributeTest) => boolean,
): readonly AttributeTest[] {
  const possible = (entries: readonly (readonly AttributeTest[])[]) =>
    entries.filter((tests) => !tests.some(isFalse))
  const sources = possible(from)
  // Most rules are for other clients.
  if (from.length > 0 && sources.length === 0) return []
  const operations = possible(to)
  const isImpossible = (to.length > 0 && operations.length === 0) || conditions.some(isFalse)
  return isImpossible ? [] : [...sources, ...operations, conditions].flat()
}

interface EntriesOfRule {
  readonly from: readonly (readonly AttributeTest[])[]
  readonly to: readonly (readonly AttributeTest[])[]
  readonly conditions: readonly AttributeTest[]
}

/** The entries of a rule are read for each client. */
const ENTRIES = new WeakMap<Rule, EntriesOfRule>()

function entriesOf(rule: Rule): EntriesOfRule {
  const known = ENTRIES.get(rule)
  if (known) return known
  const { from, to, when } = rule
  const entries = {
    from: (from ?? []).map(sourceTests),
    to: (to ?? []).map(operationTests),
    conditions: (when ?? []).flatMap((condition) => conditionTest(condition) ?? []),
  }
  ENTRIES.set(rule, entries)
  return entries
}

/** Whether the identity or the port of a connection certainly excludes a test. */
function isExcluded(
  test: AttributeTest,
  {
    known,
    sight,
    context,
  }: {
    readonly known: Known
    readonly sight: Sight
    readonly context: AttributeContext
  },
): boolean {
  if (!isKnown(test, known, sight)) return false
  const matches = (value: string) => matchesValue(test, value, known.connection, context)
  return (
    (test.values.length > 0 && test.values.every((value) => matches(value) === false)) ||
    test.notValues.some((value) => matches(value) === true)
  )
}

/** A sidecar may read HTTP as plain TCP, so what is known of HTTP counts only at a waypoint. */
function isKnown(test: AttributeTest, { dimensions }: Known, sight: Sight): boolean {
  if (test.attribute === 'port') return sight.port
  const dimension = dimensionOf(test)
  if (dimension === undefined || !dimensions.has(dimension)) return false
  return !isHttpAttribute(test.attribute) || (sight.http && sight.port)
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
  const lower = headerName(name)
  return PSEUDO_HEADERS.get(lower) ?? (lower.startsWith(':') ? undefined : `header ${lower}`)
}

const TOKEN_CLAIMS = { audience: ['aud'], presenter: ['azp'] } as const

function constantsOf(
  { attribute, entry }: AttributeTest,
  value: string,
  context: AttributeContext,
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
