import type { AttributeName } from '../../vocabulary/attributes.js'
import {
  OPERATION_FIELDS,
  SOURCE_FIELDS,
  type AttributeField,
} from '../../vocabulary/attributeFields.js'
import { checkConditionKey, conditionValueCheck } from './conditionKey.js'
import type { Field } from './field.js'
import { problemAt, type ReportProblem } from './problem.js'
import { checkFormat, checkValues } from './values.js'

// The rules of an AuthorizationPolicy (`validation.go` ValidateAuthorizationPolicy, docs/semantics.md §8.2 rows
// 14–26).

export function checkRules(spec: Field, report: ReportProblem): void {
  for (const rule of spec.get('rules').items) {
    for (const from of rule.get('from').items) checkSource(from, report)
    for (const to of rule.get('to').items) checkOperation(to, report)
    for (const when of rule.get('when').items) checkCondition(when, report)
  }
}

function checkSource(from: Field, report: ReportProblem): void {
  const source = from.get('source')
  checkFilled(from, source, { name: 'from.source', fields: SOURCE_FIELDS }, report)
  if (!source.isMapping) return
  const has = (attribute: AttributeName): boolean =>
    SOURCE_FIELDS.some((known) => known.attribute === attribute && source.get(known.field).exists)
  if (has('serviceAccount') && (has('principal') || has('namespace'))) {
    report(
      problemAt(source.path, 'cannot set serviceAccounts with namespaces or principals.', {
        on: 'key',
      }),
    )
  }
  checkFields(source, SOURCE_FIELDS, report)
}

function checkOperation(to: Field, report: ReportProblem): void {
  const operation = to.get('operation')
  checkFilled(to, operation, { name: 'to.operation', fields: OPERATION_FIELDS }, report)
  checkFields(operation, OPERATION_FIELDS, report)
}

function checkFields(entry: Field, known: readonly AttributeField[], report: ReportProblem): void {
  for (const values of entry.fields) {
    const format = known.find(({ field }) => field === values.name)?.format
    checkValues(values, report, checkFormat(format))
  }
}

/** An entry needs its one field, and that field needs an attribute. A misspelt attribute is reported elsewhere. */
function checkFilled(
  entry: Field,
  field: Field,
  words: { readonly name: string; readonly fields: readonly AttributeField[] },
  report: ReportProblem,
): void {
  if (!entry.isMapping) return
  if (field.node === undefined) {
    if (entry.entries.length === 0) report(problemAt(field.path, `\`${words.name}\` must be set.`))
  } else if (
    field.isMapping &&
    field.entries.every(
      ({ key }) => words.fields.some((known) => known.field === key) && field.get(key).isEmpty,
    )
  ) {
    report(problemAt(field.path, `\`${words.name}\` must not be empty.`, { on: 'key' }))
  }
}

function checkCondition(when: Field, report: ReportProblem): void {
  const key = when.get('key')
  const values = when.get('values')
  const notValues = when.get('notValues')
  if (key.text === undefined) return
  if (key.text === '') report(problemAt(key.path, '`key` must not be empty.'))
  else if (values.isEmpty && notValues.isEmpty) {
    report(
      problemAt(
        key.path,
        `at least one of \`values\` or \`notValues\` must be set for key ${key.text}.`,
      ),
    )
  } else {
    const words = checkConditionKey(key.text)
    if (words !== undefined) report(problemAt(key.path, words))
    for (const list of [values, notValues]) checkValues(list, report, conditionValueCheck(key.text))
  }
}
