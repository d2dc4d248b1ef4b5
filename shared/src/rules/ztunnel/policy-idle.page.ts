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
  why: 'ALLOW policies of the same workload or target are a union: a request is allowed if any of them allows it. A narrow policy beside a wider one restricts nothing. Often the wider policy is left from an earlier version.',
  bad: `${AMBIENT_SHOP}${allow('only-web # ← no effect', 'serviceAccounts: ["shop/web"]')}---\n${allow('old-rule', 'namespaces: ["shop"]')}`,
  good: `${AMBIENT_SHOP}${allow('only-web', 'serviceAccounts: ["shop/web"]')}`,
  fix: 'Remove the wider policy if the narrow one is intended. Else remove the narrow one.',
  references: [
    'istio/ztunnel src/state.rs:360-430',
    'istio/istio pilot/pkg/security/authz/builder/builder.go:205-315',
    'https://istio.io/latest/docs/concepts/security/#authorization-policies',
  ],
}
