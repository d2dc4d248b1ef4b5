import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { OPERATION_FIELDS, SOURCE_FIELDS } from '../../vocabulary/attributeFields.js'
import { layerOfKey } from '../../ztunnel/attributes.js'
import type { ConvertedRule } from '../../ztunnel/convertAuthorizationPolicy.js'
import type { Edit, Fix } from '../fix.js'

/**
 * Removes from a rule of an ALLOW policy what ztunnel cannot match, so that the rest of it is enforced. Undefined where nothing would be left of the rule, or of one entry among
 * others: it would disappear instead of meaning less. Never safe, since the rule begins to admit.
 */
export function removeHttpAttributes(
  policy: AuthorizationPolicy,
  { index, unsupported }: ConvertedRule,
): Fix | undefined {
  const rule = policy.rules[index]
  if (!rule || unsupported.length === 0) return undefined
  const from = whatIsLeft(
    (rule.from ?? []).map((source) =>
      SOURCE_FIELDS.some(({ field, layer }) => source?.[field] && layer === 'L4'),
    ),
  )
  const to = whatIsLeft(
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
    title: unsupported.length > 1 ? 'Remove the HTTP attributes' : 'Remove the HTTP attribute',
    preferred: false,
    safe: false,
    edits,
  }
}

function whatIsLeft(entries: readonly boolean[]): 'all' | 'some' | 'none' {
  if (!entries.includes(true)) return 'none'
  return entries.includes(false) ? 'some' : 'all'
}
