import type { Field } from './field.js'
import { problemAt, type Complain } from './problem.js'
import { actionOf } from './policyAction.js'

// What an action demands of the rest of an AuthorizationPolicy (`validation.go` ValidateAuthorizationPolicy, docs/semantics.md §8.2 rows 7–11).

const NOT_WITH_CUSTOM = [
  'namespaces',
  'notNamespaces',
  'serviceAccounts',
  'notServiceAccounts',
  'trustDomains',
  'notTrustDomains',
  'principals',
  'notPrincipals',
  'requestPrincipals',
  'notRequestPrincipals',
]
const KEYS_NOT_WITH_CUSTOM = [
  'source.namespace',
  'source.serviceAccount',
  'source.trustDomain',
  'source.principal',
]

export function checkAction(spec: Field, complain: Complain): void {
  const action = actionOf(spec)
  if (action === undefined) return
  const rules = spec.get('rules')
  const provider = spec.get('provider')
  const hasNoRules = rules.node === undefined || (rules.isList && rules.isEmpty)
  if ((action === 'CUSTOM' || action === 'DENY') && hasNoRules) {
    complain(
      problemAt(
        rules.exists ? rules.path : [...spec.path, 'action'],
        `${action} action without \`rules\` is meaningless: it is never triggered.`,
      ),
    )
  } else if (action === 'CUSTOM') {
    const name = provider.get('name')
    if (!provider.isOpaque && !name.isOpaque && (!name.exists || name.text === ''))
      complain(problemAt(name.path, '`provider.name` must not be empty with the CUSTOM action.'))
  }
  if (action === 'CUSTOM') for (const rule of rules.items) checkCustomRule(rule, complain)
  else if (provider.exists)
    complain(
      problemAt(provider.path, `\`provider\` must not be set with the action ${action}.`, {
        on: 'key',
      }),
    )
}

function checkCustomRule(rule: Field, complain: Complain): void {
  const refuse = (field: Field, name: string, on?: 'key'): void => {
    complain(
      problemAt(
        field.path,
        `${name} is currently not supported with the CUSTOM action.`,
        on && { on },
      ),
    )
  }
  for (const from of rule.get('from').items) {
    for (const field of from.get('source').fields) {
      if (NOT_WITH_CUSTOM.includes(field.name) && !field.isEmpty) refuse(field, field.name, 'key')
    }
  }
  for (const when of rule.get('when').items) {
    const key = when.get('key')
    const name = key.text ?? ''
    if (KEYS_NOT_WITH_CUSTOM.includes(name) || name.startsWith('request.auth.')) refuse(key, name)
  }
}
