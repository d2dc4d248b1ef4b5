import {
  conditionTest,
  operationTests,
  sourceTests,
  type AttributeTest,
} from '../resources/attributeTests.js'
import type { AuthorizationPolicy, Rule } from '../resources/authorizationPolicy.js'
import { isHttpAttribute } from '../vocabulary/attributes.js'
import { matchesValue } from './attributes.js'
import type { EnvoyConnection } from './connection.js'
import type { AttributeContext } from './identityMatch.js'
import { and, not, or, type Ternary } from './ternary.js'

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
  const results = policy.rules.map((rule, index) => ({
    rule: index,
    matches: matchRule(rule, { policy, connection, context }),
  }))
  const sure = results.find(({ matches }) => matches === true)
  const unsure = results.find(({ matches }) => matches === 'unknown')
  const found = sure ?? unsure
  return found && { rule: found.rule, sure: sure !== undefined }
}

interface RuleInput {
  readonly policy: AuthorizationPolicy
  readonly connection: EnvoyConnection
  readonly context: AttributeContext
}

function matchRule(rule: Rule, input: RuleInput): Ternary {
  const from = (rule.from ?? []).map(sourceTests)
  const to = (rule.to ?? []).map(operationTests)
  const when = (rule.when ?? []).map(conditionTest)
  // istiod skips a rule with a key that it does not know (model.go New).
  if (!when.every((test) => test !== undefined)) return false
  if (isNotGenerated([...from, ...to, when], input)) return false
  const entries = (tests: readonly (readonly AttributeTest[])[]): Ternary =>
    tests.length === 0 ? true : or(tests.map((entry) => matchEntry(entry, input)))
  return and([entries(from), entries(to), matchEntry(when, input)])
}

/** On a TCP chain istiod generates no ALLOW rule that has an HTTP attribute (model.go checkError). */
function isNotGenerated(
  entries: readonly (readonly AttributeTest[])[],
  { policy, connection }: RuleInput,
): boolean {
  return (
    connection.http === undefined &&
    policy.action === 'ALLOW' &&
    entries.some((entry) => entry.some(({ attribute }) => isHttpAttribute(attribute)))
  )
}

/**
 * On a TCP chain istiod removes the HTTP attributes from rules of the other actions. An entry without
 * attributes matches everything (model.go permissionAny).
 */
function matchEntry(tests: readonly AttributeTest[], { connection, context }: RuleInput): Ternary {
  const seen =
    connection.http === undefined
      ? tests.filter(({ attribute }) => !isHttpAttribute(attribute))
      : tests
  return and(
    seen.map((test) => {
      const matches = (value: string): Ternary => matchesValue(test, value, connection, context)
      const positive = test.values.length === 0 || or(test.values.map(matches))
      return and([positive, not(or(test.notValues.map(matches)))])
    }),
  )
}
