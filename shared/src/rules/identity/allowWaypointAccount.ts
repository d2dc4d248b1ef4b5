import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { FieldPath } from '../../yaml/node.js'
import { titleWithEffect, type Edit, type Fix } from '../fix.js'
import { fieldOfAccounts, type AccountsField } from '../fixes/sourceOfAccounts.js'

/**
 * Adds a waypoint's service account to rules of an ALLOW policy. Never safe: afterwards every client of the waypoint is allowed. Undefined if
 * a source cannot be added to one of the rules.
 */
export function allowWaypointAccount(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  { rules, account }: { readonly rules: readonly number[]; readonly account: string },
): Fix | undefined {
  const named = fieldOfAccounts(mesh, [account])
  const edits = rules.map((index) => addSource(policy, index, named))
  if (!edits.every((edit) => edit !== undefined)) return undefined
  return {
    ...titleWithEffect(
      "Allow the waypoint's service account",
      'every client of the waypoint is then allowed',
    ),
    preferred: false,
    safe: false,
    edits,
  }
}

function addSource(
  policy: AuthorizationPolicy,
  index: number,
  { field, values }: AccountsField,
): Edit | undefined {
  const rule = policy.rules[index]
  if (
    !rule?.from ||
    rule.from.length === 0 ||
    (rule.when ?? []).some(({ key }) => key.startsWith('source.'))
  )
    return undefined
  const path: FieldPath = ['spec', 'rules', index, 'from']
  const list = rule.from.findIndex(
    (source) => source !== undefined && Object.keys(source).every((name) => name === field),
  )
  if (list >= 0)
    return {
      op: 'append',
      resource: policy,
      path: [...path, list, 'source', field],
      values,
    }
  return {
    op: 'append',
    resource: policy,
    path,
    values: [{ source: { [field]: values } }],
  }
}
