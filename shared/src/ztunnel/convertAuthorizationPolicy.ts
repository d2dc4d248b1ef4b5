import {
  OPERATION_FIELDS,
  SOURCE_FIELDS,
  type AuthorizationPolicy,
  type Condition,
  type Operation,
  type Rule,
  type Source,
} from '../resources/authorizationPolicy.js'
import type { FieldPath } from '../yaml/node.js'
import {
  isEffective,
  type Authorization,
  type AuthorizationRule,
  type Match,
  type ServiceAccountMatch,
  type StringMatch,
} from './authorization.js'
import { layerOfCondition, layerOfOperation, layerOfSource } from './attributes.js'
import { formatCidr, parseCidr } from '../text/ip.js'
import { parseBool } from '../text/goValues.js'
import { compact } from '../text/collections.js'
import { DRY_RUN } from '../vocabulary/annotations.js'

/** One rule of a policy, and what became of it. */
export interface ConvertedRule {
  /** Index in `spec.rules`. */
  readonly index: number
  /** What ztunnel receives; undefined where an ALLOW rule is dropped for its L7 attributes. */
  readonly rule: AuthorizationRule | undefined
  /** Attributes that ztunnel does not support, as istiod's status names them, with where they stand. */
  readonly unsupported: readonly { readonly name: string; readonly path: FieldPath }[]
  /** Whether what ztunnel receives can match anything. */
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

/** `convertAuthorizationPolicy` (authorization.go:398-489): what ztunnel receives for a policy, rule by rule. */
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

/** `istio.io/dry-run` as strconv.ParseBool reads it; a value that it cannot read leaves the policy enforced (docs/semantics.md §3.7). */
export function isDryRun(policy: AuthorizationPolicy): boolean {
  return parseBool(policy.annotations?.[DRY_RUN] ?? '') === true
}

function reasonNotSent(policy: AuthorizationPolicy, dryRunDropped: boolean): NotSent | undefined {
  if (dryRunDropped) return 'dry-run'
  if (policy.targetRefs.length > 0) return 'targetRefs'
  return policy.action === 'ALLOW' || policy.action === 'DENY' ? undefined : 'action'
}

function convertRule(policy: AuthorizationPolicy, rule: Rule, index: number): ConvertedRule {
  const unsupported = unsupportedAttributes(rule, index)
  const clauses: AuthorizationRule = compact([
    ...(rule.to && rule.to.length > 0 ? [rule.to.map(operationMatch)] : []),
    ...(rule.from && rule.from.length > 0
      ? [rule.from.map((source) => sourceMatch(source, policy.namespace))]
      : []),
    ...(rule.when ?? []).map((condition) => [conditionMatch(condition)]),
  ])
  const dropped = policy.action === 'ALLOW' && unsupported.length > 0
  return {
    index,
    rule: dropped ? undefined : clauses,
    unsupported,
    effective: !dropped && isEffective(clauses),
  }
}

const L7_SOURCE_FIELDS = SOURCE_FIELDS.filter((field) => layerOfSource(field) === 'L7')
const L7_OPERATION_FIELDS = OPERATION_FIELDS.filter((field) => layerOfOperation(field) === 'L7')

function unsupportedAttributes(rule: Rule, index: number): ConvertedRule['unsupported'] {
  const path: FieldPath = ['spec', 'rules', index]
  const from = (rule.from ?? []).flatMap((source, at) =>
    L7_SOURCE_FIELDS.filter((field) => source?.[field]).map((name) => ({
      name,
      path: [...path, 'from', at, 'source', name],
    })),
  )
  const to = (rule.to ?? []).flatMap((operation, at) =>
    L7_OPERATION_FIELDS.filter((field) => operation?.[field]).map((name) => ({
      name,
      path: [...path, 'to', at, 'operation', name],
    })),
  )
  const when = (rule.when ?? []).flatMap(({ key }, at) =>
    layerOfCondition(key) === 'L7' ? [{ name: key, path: [...path, 'when', at, 'key'] }] : [],
  )
  return compact([...from, ...to, ...when])
}

function operationMatch(operation: Operation | undefined): Match {
  return withoutEmptyFields({
    destinationPorts: ports(operation?.ports),
    notDestinationPorts: ports(operation?.notPorts),
  })
}

function sourceMatch(source: Source | undefined, namespace: string): Match {
  return withoutEmptyFields({
    namespaces: source?.namespaces?.map(stringMatch),
    notNamespaces: source?.notNamespaces?.map(stringMatch),
    serviceAccounts: source?.serviceAccounts?.map((value) => serviceAccountMatch(value, namespace)),
    notServiceAccounts: source?.notServiceAccounts?.map((value) =>
      serviceAccountMatch(value, namespace),
    ),
    principals: source?.principals?.map(stringMatch),
    notPrincipals: source?.notPrincipals?.map(stringMatch),
    sourceIps: cidrs(source?.ipBlocks),
    notSourceIps: cidrs(source?.notIpBlocks),
  })
}

function conditionMatch({ key, values, notValues }: Condition): Match {
  switch (key) {
    case 'source.ip':
      return withoutEmptyFields({ sourceIps: cidrs(values), notSourceIps: cidrs(notValues) })
    case 'source.namespace':
      return withoutEmptyFields({
        namespaces: values.map(stringMatch),
        notNamespaces: notValues.map(stringMatch),
      })
    case 'source.principal':
      return withoutEmptyFields({
        principals: values.map(stringMatch),
        notPrincipals: notValues.map(stringMatch),
      })
    case 'destination.ip':
      return withoutEmptyFields({
        destinationIps: cidrs(values),
        notDestinationIps: cidrs(notValues),
      })
    case 'destination.port':
      return withoutEmptyFields({
        destinationPorts: ports(values),
        notDestinationPorts: ports(notValues),
      })
    default:
      return {}
  }
}

/** Without the fields that hold nothing. */
function withoutEmptyFields(match: { readonly [F in keyof Match]?: Match[F] | undefined }): Match {
  const compacted: Record<string, unknown> = {}
  for (const field in match) {
    const values: readonly unknown[] | undefined = match[field as keyof Match]
    if (values !== undefined && values.length > 0) compacted[field] = values
  }
  return compacted
}

/** `stringToMatch` (authorization.go:677-700): only a first or else a last `*` is special. */
export function stringMatch(value: string): StringMatch {
  if (value === '*') return { Presence: [] }
  if (value.startsWith('*')) return { Suffix: value.slice(1) }
  return value.endsWith('*') ? { Prefix: value.slice(0, -1) } : { Exact: value }
}

/** `stringToServiceAccountMatch`: `namespace/name`, or a name of the policy's namespace. */
export function serviceAccountMatch(value: string, policyNamespace: string): ServiceAccountMatch {
  const slash = value.indexOf('/')
  return slash < 0
    ? { namespace: policyNamespace, serviceAccount: value }
    : { namespace: value.slice(0, slash), serviceAccount: value.slice(slash + 1) }
}

/** What is no port number is dropped in silence (`stringToPort`). */
function ports(values: readonly string[] | undefined): number[] | undefined {
  return values?.filter((value) => /^\d+$/.test(value) && Number(value) <= 65535).map(Number)
}

/** What netip cannot read is dropped in silence (`stringToIP`). */
function cidrs(values: readonly string[] | undefined): string[] | undefined {
  return values?.flatMap((value) => {
    const cidr = parseCidr(value)
    return cidr ? [formatCidr(cidr)] : []
  })
}
