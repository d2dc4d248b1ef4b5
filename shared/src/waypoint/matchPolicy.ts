import {
  OPERATION_FIELDS,
  SOURCE_FIELDS,
  type AuthorizationPolicy,
  type Condition,
  type Operation,
  type OperationField,
  type Rule,
  type Source,
  type SourceField,
} from '../resources/authorizationPolicy.js'
import {
  conditionAttribute,
  operationAttribute,
  sourceAttribute,
  type Attribute,
  type AttributeContext,
} from './attributes.js'
import type { EnvoyConnection } from './connection.js'
import { and, not, or, type Ternary } from './ternary.js'

/** The index of the first rule of a policy that matches, and how sure that is; undefined where none does. */
export interface RuleMatch {
  readonly rule: number
  readonly sure: boolean
}

/** `authz/builder`: how Envoy matches the rules that Istio generates for a policy. A policy without rules never matches, a rule `{}` always. */
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

/** One attribute of an entry: values of which one must match, and values of which none may. */
interface FieldTest {
  readonly attribute: Attribute
  readonly values: readonly string[]
  readonly notValues: readonly string[]
}

function matchRule(rule: Rule, input: RuleInput): Ternary {
  const from = (rule.from ?? []).map((source) => sourceTests(source, input.context))
  const to = (rule.to ?? []).map(operationTests)
  const when = (rule.when ?? []).map((condition) => conditionTest(condition, input.context))
  // A rule with a key that Istio does not know is skipped (model.go New).
  if (!when.every((test) => test !== undefined)) return false
  if (vanishes([...from, ...to, when], input)) return false
  const entries = (tests: readonly (readonly FieldTest[])[]): Ternary =>
    tests.length === 0 ? true : or(tests.map((entry) => matchEntry(entry, input)))
  return and([entries(from), entries(to), matchEntry(when, input)])
}

/** On a TCP chain an ALLOW rule with an attribute of HTTP is not generated at all (model.go checkError). */
function vanishes(
  entries: readonly (readonly FieldTest[])[],
  { policy, connection }: RuleInput,
): boolean {
  return (
    connection.http === undefined &&
    policy.action === 'ALLOW' &&
    entries.some((entry) => entry.some(({ attribute }) => attribute.http))
  )
}

/** On a TCP chain the other actions ignore what is HTTP; an entry that is left empty matches everything (model.go permissionAny). */
function matchEntry(tests: readonly FieldTest[], { connection }: RuleInput): Ternary {
  const seen =
    connection.http === undefined ? tests.filter(({ attribute }) => !attribute.http) : tests
  return and(
    seen.map(({ attribute, values, notValues }) => {
      const positive =
        values.length === 0 || or(values.map((value) => attribute.matches(value, connection)))
      const negative = not(or(notValues.map((value) => attribute.matches(value, connection))))
      return and([positive, negative])
    }),
  )
}

function sourceTests(source: Source | undefined, context: AttributeContext): FieldTest[] {
  const positive = SOURCE_FIELDS.filter(isPositive<SourceField>)
  return positive
    .map((field) => ({
      attribute: sourceAttribute(field, context),
      values: source?.[field] ?? [],
      notValues: source?.[negated(field)] ?? [],
    }))
    .filter(saysSomething)
}

function operationTests(operation: Operation | undefined): FieldTest[] {
  const positive = OPERATION_FIELDS.filter(isPositive<OperationField>)
  return positive
    .map((field) => ({
      attribute: operationAttribute(field),
      values: operation?.[field] ?? [],
      notValues: operation?.[negated(field)] ?? [],
    }))
    .filter(saysSomething)
}

function conditionTest(
  { key, values, notValues }: Condition,
  context: AttributeContext,
): FieldTest | undefined {
  const attribute = conditionAttribute(key, context)
  return attribute && { attribute, values, notValues }
}

function isPositive<F extends string>(field: F): field is Exclude<F, `not${string}`> {
  return !field.startsWith('not')
}

/** `principals` → `notPrincipals`. */
function negated<F extends string>(field: F): `not${Capitalize<F>}` {
  return `not${field.charAt(0).toUpperCase()}${field.slice(1)}` as `not${Capitalize<F>}`
}

function saysSomething({ values, notValues }: FieldTest): boolean {
  return values.length + notValues.length > 0
}
