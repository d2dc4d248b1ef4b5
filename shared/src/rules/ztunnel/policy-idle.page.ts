import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

const allow = (name: string, source: string): string => `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: ${name}
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: ALLOW
  rules:
    - from:
        - source:
            ${source}
`

export const policyIdlePage: RuleDocs = {
  summary: 'An ALLOW policy has no effect: another policy already allows all that it allows.',
  why: 'ALLOW policies of the same workload or target are a union: a request is allowed if any of them allows it. If a wider policy exists, a narrower one restricts nothing. Often the wider policy is old and no longer intended.',
  bad: `${AMBIENT_SHOP}${allow('only-web # ← no effect', 'serviceAccounts: ["shop/web"]')}---\n${allow('old-rule', 'namespaces: ["shop"]')}`,
  good: `${AMBIENT_SHOP}${allow('only-web', 'serviceAccounts: ["shop/web"]')}`,
  fix: 'If only the narrower access is intended, remove the wider policy. Otherwise remove the narrower policy.',
  references: [
    'istio/ztunnel src/state.rs:360-430',
    'istio/istio pilot/pkg/security/authz/builder/builder.go:205-315',
    'https://istio.io/latest/docs/concepts/security/#authorization-policies',
  ],
}
