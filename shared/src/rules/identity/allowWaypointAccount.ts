import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { FieldPath } from '../../yaml/node.js'
import type { Edit, Fix } from '../fix.js'

/**
 * Adds a waypoint's service account, which needs no trust domain (docs/semantics.md §7.2), to rules
 * of an ALLOW policy. Never safe: afterwards every client of the waypoint is allowed. Undefined if
 * a source cannot be added to one of the rules.
 */
export function allowWaypointAccount(
  policy: AuthorizationPolicy,
  rules: readonly number[],
  account: string,
): Fix | undefined {
  const edits = rules.map((index) => addSource(policy, index, account))
  if (!edits.every((edit) => edit !== undefined)) return undefined
  return {
    title: "Allow the waypoint's service account: every client of the waypoint is then allowed",
    preferred: false,
    safe: false,
    edits,
  }
}

function addSource(policy: AuthorizationPolicy, index: number, account: string): Edit | undefined {
  const rule = policy.rules[index]
  if (
    !rule?.from ||
    rule.from.length === 0 ||
    (rule.when ?? []).some(({ key }) => key.startsWith('source.'))
  )
    return undefined
  const path: FieldPath = ['spec', 'rules', index, 'from']
  const list = rule.from.findIndex(
    (source) =>
      source !== undefined && Object.keys(source).every((field) => field === 'serviceAccounts'),
  )
  if (list >= 0)
    return {
      op: 'append',
      resource: policy,
      path: [...path, list, 'source', 'serviceAccounts'],
      values: [account],
    }
  return {
    op: 'append',
    resource: policy,
    path,
    values: [{ source: { serviceAccounts: [account] } }],
  }
}
