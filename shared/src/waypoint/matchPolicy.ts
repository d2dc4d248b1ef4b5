import {
  conditionTest,
  operationTests,
  sourceTests,
  type AttributeTest,
} from '../resources/attributeTests.js'
import type { AuthorizationPolicy, Rule } from '../resources/authorizationPolicy.js'
import { isHttpAttribute } from '../vocabulary/attributes.js'
import { valueMatcher } from './attributes.js'
import type { EnvoyConnection } from './connection.js'
import type { AttributeContext } from './identityMatch.js'
import { allOf, and, anyOf, not, type Ternary } from './ternary.js'

/** The index of the first rule of a policy that matches, and whether it surely does. */
export interface RuleMatch {
  readonly rule: number
  readonly sure: boolean
}

/**
 * How Envoy matches the rules that Istio generates for a policy (`authz/builder`). A policy without
 * rules never matches, and a rule `{}` always does. Undefined where no rule matches.
 */
export function matchPolicy(
  policy: AuthorizationPolicy,
  connection: EnvoyConnection,
  context: AttributeContext,
): RuleMatch | undefined {
  let unsure: number | undefined
  for (const [index, rule] of policy.rules.entries()) {
    const matches = matchRule(preparedRule(rule, context), policy, connection)
    if (matches === true) return { rule: index, sure: true }
    if (matches === 'unknown') unsure ??= index
  }
  return unsure === undefined ? undefined : { rule: unsure, sure: false }
}

type Matcher = (connection: EnvoyConnection) => Ternary

/** A test with prepared values. */
interface PreparedTest {
  readonly isHttp: boolean
  readonly values: readonly Matcher[]
  readonly notValues: readonly Matcher[]
}

type PreparedEntry = readonly PreparedTest[]

interface PreparedRule {
  readonly context: AttributeContext
  readonly from: readonly PreparedEntry[]
  readonly to: readonly PreparedEntry[]
  /** Undefined if Istio does not know one of its keys. */
  readonly when: PreparedEntry | undefined
  readonly hasHttp: boolean
}

/** The values of a rule are prepared once for many connections. */
const PREPARED = new WeakMap<Rule, PreparedRule>()

function preparedRule(rule: Rule, context: AttributeContext): PreparedRule {
  const known = PREPARED.get(rule)
  if (known && isSameContext(known.context, context)) return known
  const prepare = (tests: readonly AttributeTest[]): PreparedEntry =>
    tests.map((test) => ({
      isHttp: isHttpAttribute(test.attribute),
      values: test.values.map((value) => valueMatcher(test, value, context)),
      notValues: test.notValues.map((value) => valueMatcher(test, value, context)),
    }))
  const from = (rule.from ?? []).map((source) => prepare(sourceTests(source)))
  const to = (rule.to ?? []).map((operation) => prepare(operationTests(operation)))
  const conditions = (rule.when ?? []).map(conditionTest)
  const when = conditions.every((test) => test !== undefined) ? prepare(conditions) : undefined
  const hasHttp = [...from, ...to, when ?? []].some((entry) => entry.some(({ isHttp }) => isHttp))
  const prepared = { context, from, to, when, hasHttp }
  PREPARED.set(rule, prepared)
  return prepared
}

function isSameContext(a: AttributeContext, b: AttributeContext): boolean {
  return (
    a.policyNamespace === b.policyNamespace &&
    (a.trust === b.trust ||
      (a.trust.trustDomain === b.trust.trustDomain &&
        a.trust.aliases.length === b.trust.aliases.length &&
        a.trust.aliases.every((alias, index) => alias === b.trust.aliases[index])))
  )
}

function matchRule(
  { from, to, when, hasHttp }: PreparedRule,
  { action }: AuthorizationPolicy,
  connection: EnvoyConnection,
): Ternary {
  // istiod skips a rule with a key that it does not know (model.go New).
  if (!when) return false
  // On a TCP chain istiod generates no ALLOW rule that has an HTTP attribute (model.go checkError).
  if (hasHttp && action === 'ALLOW' && connection.http === undefined) return false
  const source = matchOneOf(from, connection)
  // Most rules are for other clients.
  if (source === false) return false
  return and([source, matchOneOf(to, connection), matchEntry(when, connection)])
}

/** Without entries, everything matches. */
function matchOneOf(entries: readonly PreparedEntry[], connection: EnvoyConnection): Ternary {
  return entries.length === 0 || anyOf(entries, (entry) => matchEntry(entry, connection))
}

/**
 * On a TCP chain istiod removes the HTTP attributes from rules of the other actions. An entry without
 * attributes matches everything (model.go permissionAny).
 */
function matchEntry(tests: PreparedEntry, connection: EnvoyConnection): Ternary {
  return allOf(tests, ({ isHttp, values, notValues }) => {
    if (isHttp && connection.http === undefined) return true
    const positive = values.length === 0 || matchesAny(values, connection)
    return positive === false ? false : and([positive, not(matchesAny(notValues, connection))])
  })
}

function matchesAny(matchers: readonly Matcher[], connection: EnvoyConnection): Ternary {
  return anyOf(matchers, (matches) => matches(connection))
}
