import type { RuleDocs } from '../rule.js'

const policyFor = (account: string): string => `apiVersion: v1
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
            serviceAccounts: ["shop/${account}"]
`

export const unknownServiceAccountPage: RuleDocs = {
  summary: 'A policy names a service account that does not exist, and one is called almost so.',
  why: 'An identity that no workload has never matches: an ALLOW admits nobody by it, a DENY stops nobody. Nothing checks whether the account exists. The finding is made only where an account of that namespace has almost the same name; a name that is quite different may well be of a workload that these files do not show.',
  bad: policyFor('chekout'),
  good: policyFor('checkout'),
  fix: 'Write the account as it is called: the `serviceAccountName` of the pods, not the name of their Deployment.',
  references: [
    'istio/ztunnel src/rbac.rs:86-209',
    'istio/istio pilot/pkg/serviceregistry/ambient/authorization.go:702-719',
  ],
}
