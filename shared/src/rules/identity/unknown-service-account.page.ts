import type { RuleDocs } from '../rule.js'

const policyFor = (account: string, mark = ''): string => `apiVersion: v1
kind: Namespace
metadata:
  name: shop
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: checkout
  namespace: shop
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
            serviceAccounts: ["shop/${account}"]${mark}
`

export const unknownServiceAccountPage: RuleDocs = {
  summary: 'A policy names a service account that does not exist, probably by a typing mistake.',
  why: 'No workload has the identity, so the value never matches: an ALLOW allows nothing, a DENY denies nothing. Neither the API server nor istiod checks the name. This rule reports a name only if a service account of that namespace has nearly the same name: a quite different name may be of a workload outside these files.',
  bad: policyFor('chekout', ' # ← does not exist'),
  good: policyFor('checkout'),
  fix: 'Correct the name: it is the `serviceAccountName` of the pods, not the name of their Deployment.',
  references: [
    'istio/ztunnel src/rbac.rs:86-209',
    'istio/istio pilot/pkg/serviceregistry/ambient/authorization.go:702-719',
  ],
}
