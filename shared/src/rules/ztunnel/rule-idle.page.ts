import type { RuleDocs } from '../rule.js'

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

export const ruleIdlePage: RuleDocs = {
  summary:
    'A rule has no effect, because another rule of the same policy matches everything that it matches.',
  why: 'A policy matches where any of its rules does. What a wider rule beside it matches anyway, a narrower rule cannot change: in an ALLOW beside `{}` it restricts nothing, since `{}` admits everybody.',
  bad: allow(
    '    - {}\n    - from:\n        - source:\n            serviceAccounts: ["shop/web"]\n',
  ),
  good: allow('    - from:\n        - source:\n            serviceAccounts: ["shop/web"]\n'),
  fix: 'Remove the rule, or, where it is the one that is meant, the wider one.',
  references: [
    'istio/ztunnel src/rbac.rs:86-209',
    'istio/istio pilot/pkg/security/authz/builder/builder.go:205-315',
  ],
}
