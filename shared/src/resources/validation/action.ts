import {
  isCertificateAttribute,
  isTokenAttribute,
  type AttributeName,
} from '../../vocabulary/attributes.js'
import { SOURCE_FIELDS } from '../../vocabulary/attributeFields.js'
import { attributeOfKey } from '../../vocabulary/whenKeys.js'
import type { Field } from './field.js'
import { problemAt, type ReportProblem } from './problem.js'
import { actionOf } from './policyAction.js'

// What an action requires of the rest of an AuthorizationPolicy (`validation.go`
// ValidateAuthorizationPolicy, docs/semantics.md §8.2 rows 7–11).

export function checkAction(spec: Field, report: ReportProblem): void {
  const action = actionOf(spec)
  if (action === undefined) return
  const rules = spec.get('rules')
  const provider = spec.get('provider')
  const hasNoRules = rules.node === undefined || (rules.isList && rules.isEmpty)
  if ((action === 'CUSTOM' || action === 'DENY') && hasNoRules) {
    report(
      problemAt(
        rules.exists ? rules.path : [...spec.path, 'action'],
        `${action} action without \`rules\` is meaningless: it is never triggered.`,
      ),
    )
  } else if (action === 'CUSTOM') {
    const name = provider.get('name')
    if (!provider.isOpaque && !name.isOpaque && (!name.exists || name.text === ''))
      report(problemAt(name.path, '`provider.name` must not be empty with the CUSTOM action.'))
  }
  if (action === 'CUSTOM') for (const rule of rules.items) checkCustomRule(rule, report)
  else if (provider.exists)
    report(
      problemAt(provider.path, `\`provider\` must not be set with the action ${action}.`, {
        on: 'key',
      }),
    )
}

function checkCustomRule(rule: Field, report: ReportProblem): void {
  const reject = (field: Field, name: string, on?: 'key'): void => {
    report(
      problemAt(
        field.path,
        `${name} is currently not supported with the CUSTOM action.`,
        on && { on },
      ),
    )
  }
  for (const from of rule.get('from').items) {
    for (const field of from.get('source').fields) {
      const known = SOURCE_FIELDS.find((other) => other.field === field.name)
      if (known && namesClient(known.attribute) && !field.isEmpty) reject(field, field.name, 'key')
    }
  }
  for (const when of rule.get('when').items) {
    const key = when.get('key')
    const known = attributeOfKey(key.text ?? '')
    if (known && namesClient(known.attribute)) reject(key, key.text ?? '')
  }
}

/** Whether an attribute is the client's, by its certificate or its token: CUSTOM policies cannot have it. */
function namesClient(attribute: AttributeName): boolean {
  return isCertificateAttribute(attribute) || isTokenAttribute(attribute)
}
