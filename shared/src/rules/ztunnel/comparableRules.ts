import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy, Rule } from '../../resources/authorizationPolicy.js'
import { convertedRules } from '../../ztunnel/enforcement.js'
import { attributesOf } from '../support/ruleAttributes.js'

export interface ComparableRule {
  readonly rule: Rule
  readonly index: number
}

/**
 * The rules that are enforced as written and can be compared: no value is filled in by another
 * tool, nothing is rejected, and if ztunnel enforces the policy, it supports every attribute.
 */
export function comparableRules(mesh: Mesh, policy: AuthorizationPolicy): ComparableRule[] {
  const unsure = new Set(
    [...policy.placeholders, ...policy.problems.map(({ path }) => path)]
      .filter((path) => path[1] === 'rules')
      .map((path) => path[2]),
  )
  const rules = policy.rules
    .map((rule, index) => ({ rule, index }))
    .filter(({ index }) => !unsure.has(index))
  if (policy.targetRefs.length > 0) return rules
  const erased = new Set(
    mesh
      .perQuery(attributesOf, policy)
      .filter(({ layer }) => layer === 'ignored')
      .map(({ rule }) => rule),
  )
  const converted = mesh.get(convertedRules, policy)
  return rules.filter(
    ({ index }) =>
      converted[index]?.effective === true &&
      converted[index].unsupported.length === 0 &&
      !erased.has(index),
  )
}
