import { conditionTest, operationTests, sourceTests } from '../resources/attributeTests.js'
import type { AuthorizationPolicy, Rule } from '../resources/authorizationPolicy.js'
import { compact } from '../text/collections.js'
import { parseBool } from '../text/goValues.js'
import { DRY_RUN } from '../vocabulary/annotations.js'
import { OPERATION_FIELDS, SOURCE_FIELDS } from '../vocabulary/attributeFields.js'
import type { FieldPath } from '../yaml/node.js'
import { layerOfKey } from './attributes.js'
import { isEffective, type Authorization, type AuthorizationRule } from './authorization.js'
import { matchOf } from './convertMatch.js'

/** One rule of a policy, and what istiod makes of it. */
export interface ConvertedRule {
  /** Index in `spec.rules`. */
  readonly index: number
  /** What ztunnel receives. Undefined where istiod drops an ALLOW rule because of its L7 attributes. */
  readonly rule: AuthorizationRule | undefined
  /** The attributes that ztunnel does not support, by the names in istiod's status, with their paths. */
  readonly unsupported: readonly { readonly name: string; readonly path: FieldPath }[]
  /** Whether the rule that ztunnel receives can match anything. */
  readonly effective: boolean
}

/** Why a policy is not sent to ztunnel. */
export type NotSent = 'targetRefs' | 'action' | 'dry-run'

export interface Conversion {
  readonly authorization: Authorization | undefined
  readonly notSent: NotSent | undefined
  readonly rules: readonly ConvertedRule[]
}

interface ConversionOptions {
  readonly rootNamespace: string
  /** `AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY`. */
  readonly dryRunEnabled: boolean
}

/** What ztunnel receives of each rule of a policy. */
export function convertRules(policy: AuthorizationPolicy): ConvertedRule[] {
  return policy.rules.map((rule, index) => convertRule(policy, rule, index))
}

/** What ztunnel receives for a policy, rule by rule (`convertAuthorizationPolicy`, authorization.go:398-489). */
export function convertAuthorizationPolicy(
  policy: AuthorizationPolicy,
  options: ConversionOptions,
  rules: readonly ConvertedRule[] = convertRules(policy),
): Conversion {
  const dryRun = isDryRun(policy)
  const notSent = reasonNotSent(policy, dryRun && !options.dryRunEnabled)
  if (notSent) return { authorization: undefined, notSent, rules }
  const scope = policy.selector
    ? 'WorkloadSelector'
    : policy.namespace === options.rootNamespace
      ? 'Global'
      : 'Namespace'
  const authorization: Authorization = {
    name: policy.name,
    namespace: policy.namespace,
    scope,
    action: policy.action === 'DENY' ? 'Deny' : 'Allow',
    dryRun,
    rules: compact(rules.flatMap(({ rule }) => (rule ? [rule] : []))),
  }
  return { authorization, notSent: undefined, rules }
}

/**
 * Whether `istio.io/dry-run` is true for strconv.ParseBool. A policy with any other value is enforced
 * (docs/semantics.md §3.7).
 */
export function isDryRun(policy: AuthorizationPolicy): boolean {
  return parseBool(policy.annotations?.[DRY_RUN] ?? '') === true
}

function reasonNotSent(policy: AuthorizationPolicy, dryRunDropped: boolean): NotSent | undefined {
  if (dryRunDropped) return 'dry-run'
  if (policy.targetRefs.length > 0) return 'targetRefs'
  return policy.action === 'ALLOW' || policy.action === 'DENY' ? undefined : 'action'
}

function convertRule(policy: AuthorizationPolicy, rule: Rule, index: number): ConvertedRule {
  const { namespace } = policy
  const unsupported = unsupportedAttributes(rule, index)
  const clauses: AuthorizationRule = compact([
    ...(rule.to && rule.to.length > 0
      ? [rule.to.map((operation) => matchOf('operation', operationTests(operation), namespace))]
      : []),
    ...(rule.from && rule.from.length > 0
      ? [rule.from.map((source) => matchOf('source', sourceTests(source), namespace))]
      : []),
    ...(rule.when ?? []).map((condition) => {
      const test = conditionTest(condition)
      return [matchOf('when', test ? [test] : [], namespace)]
    }),
  ])
  const dropped = policy.action === 'ALLOW' && unsupported.length > 0
  return {
    index,
    rule: dropped ? undefined : clauses,
    unsupported,
    effective: !dropped && isEffective(clauses),
  }
}

const L7_SOURCE_FIELDS = SOURCE_FIELDS.filter(({ layer }) => layer === 'L7')
const L7_OPERATION_FIELDS = OPERATION_FIELDS.filter(({ layer }) => layer === 'L7')

function unsupportedAttributes(rule: Rule, index: number): ConvertedRule['unsupported'] {
  const path: FieldPath = ['spec', 'rules', index]
  const from = (rule.from ?? []).flatMap((source, at) =>
    L7_SOURCE_FIELDS.filter(({ field }) => source?.[field]).map(({ field }) => ({
      name: field,
      path: [...path, 'from', at, 'source', field],
    })),
  )
  const to = (rule.to ?? []).flatMap((operation, at) =>
    L7_OPERATION_FIELDS.filter(({ field }) => operation?.[field]).map(({ field }) => ({
      name: field,
      path: [...path, 'to', at, 'operation', field],
    })),
  )
  const when = (rule.when ?? []).flatMap(({ key }, at) =>
    layerOfKey(key) === 'L7' ? [{ name: key, path: [...path, 'when', at, 'key'] }] : [],
  )
  return compact([...from, ...to, ...when])
}
