import type {
  AuthorizationPolicy,
  Condition,
  Operation,
  Rule,
  Source,
} from '../../resources/authorizationPolicy.js'
import {
  OPERATION_FIELDS,
  SOURCE_FIELDS,
  type AttributeField,
} from '../../vocabulary/attributeFields.js'
import {
  isHttpAttribute,
  type OperationField,
  type SourceField,
} from '../../vocabulary/attributes.js'
import { attributeOfKey } from '../../vocabulary/whenKeys.js'
import { isOneAccount, parsePrincipal } from '../../vocabulary/principal.js'
import { formatServiceAccount, hasNamespace } from '../../vocabulary/serviceAccountName.js'
import { layerOfKey } from '../../ztunnel/attributes.js'
import { listedUpTo } from '../support/notes.js'

/** The attributes in a sentence: all as written, those that ztunnel matches, or those on a TCP port of a waypoint. */
type View = 'written' | 'ztunnel' | 'tcp'

function isInView({ attribute, layer }: AttributeField, view: View): boolean {
  if (view === 'written') return true
  return view === 'ztunnel' ? layer === 'L4' : !isHttpAttribute(attribute)
}

function isKeyInView(key: string, view: View): boolean {
  if (view === 'written') return true
  const attribute = attributeOfKey(key)?.attribute
  return view === 'ztunnel'
    ? layerOfKey(key) === 'L4'
    : attribute !== undefined && !isHttpAttribute(attribute)
}

/** A rule in words: its clients, its operations and its conditions. */
interface RuleWords {
  readonly who: string
  /** Starts with a preposition; empty for any operation. */
  readonly what: string
  /** Starts with `when`; empty without conditions. */
  readonly when: string
}

/**
 * A rule in words. An entry without attributes in the view is left out: at ztunnel it matches nothing.
 */
function ruleInWords(rule: Rule, sight: View, policyNamespace: string): RuleWords {
  const sources = (rule.from ?? [])
    .map((source) => sourceInWords(source, sight, policyNamespace))
    .filter((words) => words !== '')
  const operations = (rule.to ?? [])
    .map((operation) => operationInWords(operation, sight))
    .filter((words) => words !== '')
  const conditions = (rule.when ?? [])
    .filter(({ key }) => isKeyInView(key, sight))
    .map(conditionInWords)
  return {
    who: sources.length > 0 ? listedUpTo(sources, 'or') : 'any client',
    what: listedUpTo(operations, 'or'),
    when: conditions.length > 0 ? `when ${listedUpTo(conditions, 'and', 6)}` : '',
  }
}

/** The words of each field, in the order of the sentence. */
const SOURCE_WORDS: Readonly<
  Record<SourceField, (values: readonly string[], policyNamespace: string) => string>
> = {
  principals: (values) => principals(values),
  serviceAccounts: (values, namespace) =>
    `service account ${anyOf(values.map((value) => qualified(value, namespace)))}`,
  namespaces: (values) => `namespace ${anyOf(values)}`,
  trustDomains: (values) => `trust domain ${anyOf(values)}`,
  ipBlocks: (values) => `addresses ${anyOf(values)}`,
  remoteIpBlocks: (values) => `original addresses ${anyOf(values)}`,
  requestPrincipals: (values) =>
    values.includes('*') ? 'requests with a valid JWT' : `JWT principal ${anyQuoted(values)}`,
  notPrincipals: (values) =>
    values.includes('*')
      ? 'clients without an identity'
      : `any client except ${principals(values)}`,
  notServiceAccounts: (values, namespace) =>
    `any client except service account ${anyOf(values.map((value) => qualified(value, namespace)))}`,
  notNamespaces: (values) => `any client except namespace ${anyOf(values)}`,
  notTrustDomains: (values) => `any client except trust domain ${anyOf(values)}`,
  notIpBlocks: (values) => `addresses other than ${anyOf(values)}`,
  notRemoteIpBlocks: (values) => `original addresses other than ${anyOf(values)}`,
  notRequestPrincipals: (values) =>
    values.includes('*')
      ? 'requests without a JWT'
      : `any client except JWT principal ${anyQuoted(values)}`,
}

const OPERATION_WORDS: Readonly<Record<OperationField, (values: readonly string[]) => string>> = {
  ports: (values) => `on port ${anyOf(values)}`,
  notPorts: (values) => `on any port except ${anyOf(values)}`,
  hosts: (values) => `host ${anyOf(values)}`,
  notHosts: (values) => `any host except ${anyOf(values)}`,
  methods: (values) => `method ${anyOf(values)}`,
  notMethods: (values) => `any method except ${anyOf(values)}`,
  paths: (values) => `path ${anyOf(values)}`,
  notPaths: (values) => `any path except ${anyOf(values)}`,
}

function fieldsInOrder<F extends SourceField | OperationField>(
  words: Readonly<Record<F, unknown>>,
  fields: readonly AttributeField<F>[],
): AttributeField<F>[] {
  return Object.keys(words).flatMap((name) => fields.filter(({ field }) => field === name))
}

const SOURCE_ORDER = fieldsInOrder(SOURCE_WORDS, SOURCE_FIELDS)
const OPERATION_ORDER = fieldsInOrder(OPERATION_WORDS, OPERATION_FIELDS)

function sourceInWords(source: Source | undefined, sight: View, policyNamespace: string): string {
  return SOURCE_ORDER.filter((field) => isInView(field, sight))
    .flatMap(({ field }) =>
      source?.[field] ? [SOURCE_WORDS[field](source[field], policyNamespace)] : [],
    )
    .join(' and ')
}

function operationInWords(operation: Operation | undefined, sight: View): string {
  const fields = OPERATION_ORDER.filter((field) => isInView(field, sight))
  const words = fields.flatMap(({ field }) =>
    operation?.[field] ? [OPERATION_WORDS[field](operation[field])] : [],
  )
  const ports = words.filter((part) => part.startsWith('on '))
  const http = words.filter((part) => !part.startsWith('on '))
  return [...ports, ...(http.length > 0 ? [`with ${http.join(' and ')}`] : [])].join(' ')
}

function conditionInWords({ key, values, notValues }: Condition): string {
  const positive = values.length > 0 ? [`${key} is ${anyQuoted(values)}`] : []
  const negative = notValues.length > 0 ? [`${key} is not ${anyQuoted(notValues)}`] : []
  return [...positive, ...negative].join(' and ')
}

/** Exact principals as service accounts, patterns as written. */
function principals(values: readonly string[]): string {
  if (values.includes('*')) return 'any client with an identity'
  const accounts = values.flatMap((value) => accountOf(value) ?? [])
  if (accounts.length === values.length) return `service account ${anyOf(accounts)}`
  return `principal ${anyOf(values)}`
}

/** `namespace/name` of a principal that is not a pattern. */
function accountOf(value: string): string | undefined {
  const principal = parsePrincipal(value)
  return principal &&
    !principal.hasScheme &&
    isOneAccount(principal) &&
    /^[^/*]+$/.test(principal.trustDomain)
    ? formatServiceAccount(principal)
    : undefined
}

function qualified(value: string, namespace: string): string {
  return hasNamespace(value) || namespace.startsWith('?') ? value : `${namespace}/${value}`
}

function anyOf(values: readonly string[]): string {
  return listedUpTo(values, 'or')
}

function anyQuoted(values: readonly string[]): string {
  return listedUpTo(
    values.map((value) => `"${value}"`),
    'or',
  )
}

/**
 * The verb of a policy with its object: ztunnel sees connections, a waypoint sees requests.
 */
function actionInWords(policy: AuthorizationPolicy, sight: View): string {
  const traffic = sight === 'written' ? 'requests' : 'connections'
  switch (policy.action) {
    case 'ALLOW':
      return `allows ${traffic}`
    case 'DENY':
      return `denies ${traffic}`
    case 'AUDIT':
      return `logs ${traffic}`
    case 'CUSTOM':
      return `asks the provider ${policy.provider === undefined ? '' : `"${policy.provider}" `}about ${traffic}`
  }
}

/**
 * A rule as a sentence without full stop: `allows connections from service account shop/web to Deployment shop/api on
 * port 8080`.
 */
export function ruleSentence(
  policy: AuthorizationPolicy,
  rule: Rule,
  sight: View,
  target = '',
): string {
  const { who, what, when } = ruleInWords(rule, sight, policy.namespace)
  return [
    actionInWords(policy, sight),
    `from ${who}`,
    target === '' ? '' : `to ${target}`,
    what,
    when,
  ]
    .filter((part) => part !== '')
    .join(' ')
}
