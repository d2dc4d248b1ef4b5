import type { RuleDocs } from '../rule.js'

const policyFor = (namespace: string): string => `apiVersion: v1
kind: Namespace
metadata:
  name: checkout
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-checkout
  namespace: payments
spec:
  selector:
    matchLabels:
      app: api
  action: ALLOW
  rules:
    - from:
        - source:
            namespaces: ["${namespace}"]
`

export const unknownNamespacePage: RuleDocs = {
  summary: 'A policy names a namespace that does not exist, and one is called almost so.',
  why: 'A namespace that is not there has no workloads: an ALLOW admits nobody by it, a DENY stops nobody. Nothing checks whether it exists. The finding is made only where a Namespace of the workspace has almost the same name; a name that is quite different may well be of a namespace that these files do not show.',
  bad: policyFor('chekout'),
  good: policyFor('checkout'),
  fix: 'Write the namespace as it is called.',
  references: [
    'istio/ztunnel src/rbac.rs:86-209',
    'istio/istio pkg/config/analysis/analyzers/authz/authorizationpolicies.go',
  ],
}
