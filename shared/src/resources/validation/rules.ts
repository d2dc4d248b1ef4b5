import { OPERATION_FIELDS, SOURCE_FIELDS } from '../authorizationPolicy.js'
import { checkConditionKey, conditionValueCheck } from './conditionKey.js'
import type { Field } from './field.js'
import { problemAt, type Complain } from './problem.js'
import {
  checkIp,
  checkPath,
  checkPort,
  checkServiceAccount,
  checkTrustDomain,
  checkValues,
  type ValueCheck,
} from './values.js'

// The rules of an AuthorizationPolicy (`validation.go` ValidateAuthorizationPolicy, docs/semantics.md §8.2 rows 14–26).

const SOURCE_CHECKS: ReadonlyMap<string, ValueCheck> = new Map([
  ['ipBlocks', checkIp],
  ['notIpBlocks', checkIp],
  ['remoteIpBlocks', checkIp],
  ['notRemoteIpBlocks', checkIp],
  ['serviceAccounts', checkServiceAccount],
  ['notServiceAccounts', checkServiceAccount],
  ['trustDomains', checkTrustDomain],
  ['notTrustDomains', checkTrustDomain],
])
const OPERATION_CHECKS: ReadonlyMap<string, ValueCheck> = new Map([
  ['ports', checkPort],
  ['notPorts', checkPort],
  ['paths', checkPath],
  ['notPaths', checkPath],
])
const NOT_WITH_SERVICE_ACCOUNTS = ['principals', 'notPrincipals', 'namespaces', 'notNamespaces']

export function checkRules(spec: Field, complain: Complain): void {
  for (const rule of spec.get('rules').items) {
    for (const from of rule.get('from').items) checkSource(from, complain)
    for (const to of rule.get('to').items) checkOperation(to, complain)
    for (const when of rule.get('when').items) checkCondition(when, complain)
  }
}

function checkSource(from: Field, complain: Complain): void {
  const source = from.get('source')
  checkFilled(from, source, { name: 'from.source', fields: SOURCE_FIELDS }, complain)
  if (!source.isMapping) return
  const hasAccounts =
    source.get('serviceAccounts').exists || source.get('notServiceAccounts').exists
  if (hasAccounts && NOT_WITH_SERVICE_ACCOUNTS.some((name) => source.get(name).exists)) {
    complain(
      problemAt(source.path, 'cannot set serviceAccounts with namespaces or principals.', {
        on: 'key',
      }),
    )
  }
  for (const values of source.fields) checkValues(values, complain, SOURCE_CHECKS.get(values.name))
}

function checkOperation(to: Field, complain: Complain): void {
  const operation = to.get('operation')
  checkFilled(to, operation, { name: 'to.operation', fields: OPERATION_FIELDS }, complain)
  for (const values of operation.fields)
    checkValues(values, complain, OPERATION_CHECKS.get(values.name))
}

/** An entry needs its one field, and the field needs an attribute. A misspelt attribute is complained of as such. */
function checkFilled(
  entry: Field,
  field: Field,
  words: { readonly name: string; readonly fields: readonly string[] },
  complain: Complain,
): void {
  if (!entry.isMapping) return
  if (field.node === undefined) {
    if (entry.entries.length === 0)
      complain(problemAt(field.path, `\`${words.name}\` must be set.`))
  } else if (
    field.isMapping &&
    field.entries.every(({ key }) => words.fields.includes(key) && field.get(key).isEmpty)
  ) {
    complain(problemAt(field.path, `\`${words.name}\` must not be empty.`, { on: 'key' }))
  }
}

function checkCondition(when: Field, complain: Complain): void {
  const key = when.get('key')
  const values = when.get('values')
  const notValues = when.get('notValues')
  if (key.text === undefined) return
  if (key.text === '') complain(problemAt(key.path, '`key` must not be empty.'))
  else if (values.isEmpty && notValues.isEmpty) {
    complain(
      problemAt(
        key.path,
        `at least one of \`values\` or \`notValues\` must be set for key ${key.text}.`,
      ),
    )
  } else {
    const words = checkConditionKey(key.text)
    if (words !== undefined) complain(problemAt(key.path, words))
    for (const list of [values, notValues])
      checkValues(list, complain, conditionValueCheck(key.text))
  }
}
