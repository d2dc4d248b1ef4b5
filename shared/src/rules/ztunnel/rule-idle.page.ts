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
  summary: 'A rule is redundant: another rule of the policy already matches everything.',
  why: 'A policy matches a connection or request if any of its rules matches. A rule has no effect if another rule of the policy matches everything that it matches. In an ALLOW policy, a rule beside `{}` restricts nothing, because `{}` allows every client.',
  bad: allow(
    '    - {} # ← matches everything\n    - from: # ← redundant\n        - source:\n            serviceAccounts: ["shop/web"]\n',
  ),
  good: allow('    - from:\n        - source:\n            serviceAccounts: ["shop/web"]\n'),
  fix: 'Remove the redundant rule. If the narrower rule is the intended one, remove the wider rule instead.',
  references: [
    'istio/ztunnel src/rbac.rs:86-209',
    'istio/istio pilot/pkg/security/authz/builder/builder.go:205-315',
  ],
}
