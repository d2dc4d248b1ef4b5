import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { OPERATION_FIELDS, SOURCE_FIELDS } from '../../vocabulary/attributeFields.js'
import { layerOfKey } from '../../ztunnel/attributes.js'
import type { ConvertedRule } from '../../ztunnel/convertAuthorizationPolicy.js'
import type { Edit, Fix } from '../fix.js'

/**
 * Removes the attributes that ztunnel does not support from a rule of an ALLOW policy, so that ztunnel
 * enforces the rest. Undefined where the rule, or one of several entries, would be empty. Never safe: the
 * rule starts to allow traffic.
 */
export function removeHttpAttributes(
  policy: AuthorizationPolicy,
  { index, unsupported }: ConvertedRule,
): Fix | undefined {
  const rule = policy.rules[index]
  if (!rule || unsupported.length === 0) return undefined
  const from = remainingEntries(
    (rule.from ?? []).map((source) =>
      SOURCE_FIELDS.some(({ field, layer }) => source?.[field] && layer === 'L4'),
    ),
  )
  const to = remainingEntries(
    (rule.to ?? []).map((operation) =>
      OPERATION_FIELDS.some(({ field, layer }) => operation?.[field] && layer === 'L4'),
    ),
  )
  const when = (rule.when ?? []).some(({ key }) => layerOfKey(key) === 'L4')
  if (from === 'some' || to === 'some' || (from === 'none' && to === 'none' && !when))
    return undefined
  const edits = [...unsupported].reverse().map(({ path }): Edit => ({
    op: 'remove',
    resource: policy,
    path: path.includes('when') ? path.slice(0, -1) : path,
  }))
  return {
    title:
      `Remove the HTTP attribute${unsupported.length > 1 ? 's' : ''}: ` +
      'the rule then allows every request of its clients',
    preferred: false,
    safe: false,
    edits,
  }
}

function remainingEntries(entries: readonly boolean[]): 'all' | 'some' | 'none' {
  if (!entries.includes(true)) return 'none'
  return entries.includes(false) ? 'some' : 'all'
}
