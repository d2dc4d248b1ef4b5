import type { RuleDocs } from '../rule.js'

const policyFor = (namespace: string, mark = ''): string => `apiVersion: v1
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
            namespaces: ["${namespace}"]${mark}
`

export const unknownNamespacePage: RuleDocs = {
  summary: 'A policy names a namespace that does not exist, probably by a typing mistake.',
  why: 'A namespace that does not exist has no workloads, so the value never matches: an ALLOW allows nothing, a DENY denies nothing. Neither the API server nor istiod checks the name. This rule reports a name only if a Namespace in the files has nearly the same name: a quite different name may be of a namespace outside these files.',
  bad: policyFor('chekout', ' # ← does not exist'),
  good: policyFor('checkout'),
  fix: 'Correct the name of the namespace.',
  references: [
    'istio/ztunnel src/rbac.rs:86-209',
    'istio/istio pkg/config/analysis/analyzers/authz/authorizationpolicies.go',
  ],
}
