import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import { convertAuthorizationPolicy } from '../ztunnel/convertAuthorizationPolicy.js'
import { defineRule } from './rule.js'
import { isFilledIn } from './support/filledIn.js'
import { attributesOf } from './support/ruleAttributes.js'
import { isWider } from './support/wider.js'

const allow = (rules: string): string => `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-web
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: ALLOW
  rules:
${rules}`

export const ruleIdle = defineRule({
  name: 'rule-idle',
  level: 'information',
  subjects: ['AuthorizationPolicy'],
  reads: [],
  docs: {
    summary: 'A rule has no effect, because another rule of the same policy matches everything that it matches.',
    why: 'A policy matches where any of its rules does. What a wider rule beside it matches anyway, a narrower rule cannot change: in an ALLOW beside `{}` it restricts nothing, since `{}` admits everybody.',
    bad: allow('    - {}\n    - from:\n        - source:\n            serviceAccounts: ["shop/web"]\n'),
    good: allow('    - from:\n        - source:\n            serviceAccounts: ["shop/web"]\n'),
    fix: 'Remove the rule, or, where it is the one that is meant, the wider one.',
    references: ['istio/ztunnel src/rbac.rs:86-209', 'istio/istio pilot/pkg/security/authz/builder/builder.go:205-315'],
  },
  check(policy, { report }) {
    const usable = policy.rules.map((_, index) => isComparable(policy, index))
    for (const [index, rule] of policy.rules.entries()) {
      const wider = usable[index] ? policy.rules.findIndex((other, at) => at !== index && usable[at] && isWider(other, rule, policy.namespace) && (at < index || !isWider(rule, other, policy.namespace))) : -1
      const by = policy.rules[wider]
      if (!by) continue
      const everything = !by.from?.length && !by.to?.length && !by.when?.length
      report({
        message: everything ? `Rule ${ordinal(wider)} of this policy matches everything: this rule has no effect.` : `Rule ${ordinal(wider)} of this policy matches all that this rule matches: it has no effect.`,
        path: ['spec', 'rules', index],
        related: [{ resource: policy, path: ['spec', 'rules', wider], message: 'The wider rule.' }],
        fixes: [{ title: 'Remove the rule without effect', preferred: false, safe: false, edits: [{ op: 'remove', resource: policy, path: ['spec', 'rules', index] }] }],
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
 * Whether a rule is enforced as it is written, so that it may be compared: no value of it is filled in, and where ztunnel enforces the policy, it has
 * nothing that ztunnel drops or erases.
 */
function isComparable(policy: AuthorizationPolicy, index: number): boolean {
  if (isFilledIn(policy, ['spec', 'rules', index]) || policy.problems.some(({ path }) => path[1] === 'rules' && path[2] === index)) return false
  if (policy.targetRefs.length > 0) return true
  const converted = convertAuthorizationPolicy({ ...policy, action: 'ALLOW' }, { rootNamespace: '', dryRunEnabled: true }).rules[index]
  return converted?.effective === true && !attributesOf(policy).some(({ rule, name }) => rule === index && /^(not)?trustDomains$/i.test(name))
}
