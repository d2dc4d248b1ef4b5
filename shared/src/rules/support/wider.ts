import type { Mesh } from '../../mesh/mesh.js'
import { ruleTests } from '../../resources/attributeTests.js'
import type {
  AuthorizationPolicy,
  Operation,
  Rule,
  Source,
} from '../../resources/authorizationPolicy.js'
import { contains, parseCidr } from '../../text/ip.js'
import { fieldNamed } from '../../vocabulary/attributeFields.js'
import { isHttpAttribute, type AttributeName } from '../../vocabulary/attributes.js'
import { formatServiceAccount, hasNamespace } from '../../vocabulary/serviceAccountName.js'
import { attributeOfKey } from '../../vocabulary/whenKeys.js'
import { expandPrincipal, type TrustBundle } from '../../waypoint/trustDomains.js'

/** Lists of values by attribute, without empty lists. */
type Entry = Readonly<Record<string, readonly string[]>>

/** A rule, and the namespace of its policy: that of service accounts that are written without one. */
export interface PlacedRule {
  readonly rule: Rule
  readonly namespace: string
}

/** What the proxies know when they compare the rules of two policies. */
export interface Comparing {
  readonly action: AuthorizationPolicy['action']
  readonly trust: TrustBundle
}

/** The trust domain of no mesh. */
const UNKNOWN_TRUST_DOMAIN = '?'

/** The trust domains of a mesh. A principal of an unknown one is never a part of another principal. */
export function trustOf({ settings }: Mesh): TrustBundle {
  return {
    trustDomain: settings.trustDomainKnown ? settings.trustDomain : UNKNOWN_TRUST_DOMAIN,
    aliases: settings.trustDomainAliases,
  }
}

/**
 * Whether a rule certainly matches everything that another rule matches, at ztunnel and at a
 * waypoint. Compares attribute by attribute, so it may be false for a rule that is wider.
 */
export function isWider(
  wide: PlacedRule,
  narrow: PlacedRule,
  { action, trust }: Comparing,
): boolean {
  // On a TCP port a waypoint leaves out an ALLOW rule with an HTTP attribute in any entry (docs/semantics.md §3.9).
  if (action === 'ALLOW' && needsHttp(wide.rule) && !needsHttp(narrow.rule)) return false
  const entryCovers = (one: Entry, other: Entry): boolean =>
    covers(one, other) && covers(withAliases(one, trust), withAliases(other, trust))
  const anyCovers = (all: readonly Entry[], some: readonly Entry[]): boolean =>
    all.length === 0 ||
    (some.length > 0 && some.every((entry) => all.some((other) => entryCovers(other, entry))))
  const conditions = conditionsOf(narrow)
  return (
    anyCovers(entriesOf(wide, wide.rule.from), entriesOf(narrow, narrow.rule.from)) &&
    anyCovers(entriesOf(wide, wide.rule.to), entriesOf(narrow, narrow.rule.to)) &&
    conditionsOf(wide).every((condition) =>
      conditions.some((other) => entryCovers(condition, other)),
    )
  )
}

function needsHttp(rule: Rule): boolean {
  return ruleTests(rule).some((tests) => tests.some(({ attribute }) => isHttpAttribute(attribute)))
}

/** The principals that Envoy compares for those of an entry; ztunnel compares them as they are written. */
function withAliases(entry: Entry, trust: TrustBundle): Entry {
  return Object.fromEntries(
    Object.entries(entry).map(([name, values]) => [
      name,
      attributeNamed(name) === 'principal'
        ? values.flatMap((value) => expandPrincipal(value, trust))
        : values,
    ]),
  )
}

/** The sources of a rule, with service accounts in full. */
export function sourcesOf(placed: PlacedRule): readonly Entry[] {
  return entriesOf(placed, placed.rule.from)
}

function entriesOf(
  { namespace }: PlacedRule,
  given: readonly (Source | Operation | undefined)[] | undefined,
): readonly Entry[] {
  return (given ?? []).map((entry) => withFullAccounts(entry ?? {}, namespace))
}

/** The conditions of a rule, each as an entry of two attributes, its key and `not` its key. */
function conditionsOf({ rule, namespace }: PlacedRule): readonly Entry[] {
  return (rule.when ?? []).map(({ key, values, notValues }) =>
    withFullAccounts(
      {
        ...(values.length > 0 ? { [key]: values } : {}),
        ...(notValues.length > 0 ? { [`not ${key}`]: notValues } : {}),
      },
      namespace,
    ),
  )
}

function withFullAccounts(entry: Entry, namespace: string): Entry {
  return Object.fromEntries(
    Object.entries(entry).map(([name, values]) => [
      name,
      comparisonOf(name) === 'account'
        ? values.map((value) =>
            hasNamespace(value)
              ? value
              : formatServiceAccount({ namespace, serviceAccount: value }),
          )
        : values,
    ]),
  )
}

/**
 * The narrow entry needs each attribute of the wide entry, with values that are not wider; for
 * `not…` attributes, not narrower.
 */
function covers(wide: Entry, narrow: Entry): boolean {
  return Object.entries(wide).every(([name, values]) => {
    const others = narrow[name] ?? (name === 'namespaces' ? namesIn(narrow) : undefined)
    if (others === undefined) return false
    const compared = comparisonOf(name)
    const allCovered = (all: readonly string[], some: readonly string[]): boolean =>
      some.every((value) => all.some((other) => valueCovers(compared, other, value)))
    return name.startsWith('not') ? allCovered(others, values) : allCovered(values, others)
  })
}

/** The namespaces of the service accounts that an entry needs; undefined where it needs none. */
function namesIn({ serviceAccounts, principals }: Entry): readonly string[] | undefined {
  if (serviceAccounts)
    return serviceAccounts.map((account) => account.slice(0, account.indexOf('/')))
  const found = principals?.map(
    (principal) => /^[^*/]+\/ns\/([^*/]+)\/sa\/[^*/]+$/.exec(principal)?.[1],
  )
  return found?.every((name) => name !== undefined) ? found : undefined
}

/**
 * How the values of an attribute compare: `pattern` where a first or last `*` means any text at
 * every proxy, `exact` where the proxies differ.
 */
type Comparison = 'pattern' | 'block' | 'account' | 'exact'

const COMPARISONS: Readonly<Record<AttributeName, Comparison>> = {
  principal: 'pattern',
  namespace: 'pattern',
  host: 'pattern',
  method: 'pattern',
  path: 'pattern',
  header: 'pattern',
  sourceIp: 'block',
  remoteIp: 'block',
  destinationIp: 'block',
  serviceAccount: 'account',
  trustDomain: 'exact',
  requestPrincipal: 'exact',
  port: 'exact',
  serverName: 'exact',
  audience: 'exact',
  presenter: 'exact',
  claim: 'exact',
  filterState: 'exact',
}

function comparisonOf(name: string): Comparison {
  const attribute = attributeNamed(name)
  return attribute ? COMPARISONS[attribute] : 'exact'
}

/** The attribute of a field, or of a key of a condition. */
function attributeNamed(name: string): AttributeName | undefined {
  return (fieldNamed(name) ?? attributeOfKey(name.replace(/^not /, '')))?.attribute
}

function valueCovers(compared: Comparison, wide: string, narrow: string): boolean {
  if (wide === narrow) return true
  if (compared === 'block') {
    const [block, inner] = [parseCidr(wide), parseCidr(narrow)]
    return (
      block !== undefined &&
      inner !== undefined &&
      block.length <= inner.length &&
      contains(block, inner)
    )
  }
  if (compared !== 'pattern' || wide.includes('{')) return false
  if (wide === '*') return true
  const [text, kind] = wide.endsWith('*')
    ? [wide.slice(0, -1), 'prefix']
    : wide.startsWith('*')
      ? [wide.slice(1), 'suffix']
      : [wide, 'exact']
  if (kind === 'exact' || text.includes('*') || narrow.includes('{')) return false
  return kind === 'prefix'
    ? !narrow.startsWith('*') && narrow.startsWith(text)
    : !narrow.endsWith('*') && narrow.endsWith(text)
}
