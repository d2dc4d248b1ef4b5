import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy, Rule } from '../../resources/authorizationPolicy.js'
import { defineRule } from '../rule.js'
import { matchesEverything } from '../support/canDeny.js'
import { attributesOf } from '../support/ruleAttributes.js'
import { comparableRules } from './comparableRules.js'
import { isWider, trustOf, type PlacedRule } from '../support/wider.js'

export const ruleIdle = defineRule({
  name: 'rule-idle',
  level: 'information',
  subjects: ['AuthorizationPolicy'],
  reads: ['MeshConfig'],
  check(policy, { mesh, report }) {
    if (policy.rules.length < 2) return
    const compared = comparableRules(mesh, policy)
    const placed = (rule: Rule): PlacedRule => ({ rule, namespace: policy.namespace })
    const comparing = { action: policy.action, trust: trustOf(mesh) }
    const isWiderThan = (one: Rule, other: Rule): boolean =>
      isWider(placed(one), placed(other), comparing)
    const whole = compared.filter(({ rule }) => matchesEverything(rule))
    const candidates = valueCount(mesh, policy) > MOST_VALUES ? whole : compared
    for (const { rule, index } of compared) {
      const wider = candidates.find(
        (other) =>
          other.index !== index &&
          isWiderThan(other.rule, rule) &&
          (other.index < index || !isWiderThan(rule, other.rule)),
      )
      if (!wider) continue
      report({
        message: matchesEverything(wider.rule)
          ? `This rule is redundant: rule ${ordinal(wider.index)} of this policy matches everything.`
          : `This rule is redundant: rule ${ordinal(wider.index)} already matches everything that it matches.`,
        path: ['spec', 'rules', index],
        related: [
          { resource: policy, path: ['spec', 'rules', wider.index], message: 'The wider rule.' },
        ],
        fixes: () => [
          {
            title: 'Remove the redundant rule',
            preferred: false,
            safe: false,
            edits: [{ op: 'remove', resource: policy, path: ['spec', 'rules', index] }],
          },
        ],
        tag: 'unnecessary',
      })
    }
  },
})

/** `1` for the first. */
function ordinal(index: number): string {
  return String(index + 1)
}

/**
 * In a policy with more values than this, rules are compared only with rules that match everything:
 * each pair of values costs time.
 */
const MOST_VALUES = 400

function valueCount(mesh: Mesh, policy: AuthorizationPolicy): number {
  return mesh.perQuery(attributesOf, policy).reduce((count, { values }) => count + values.length, 0)
}
