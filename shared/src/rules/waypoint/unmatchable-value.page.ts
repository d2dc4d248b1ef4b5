import type { RuleDocs } from '../rule.js'
import { SHOP_BEHIND_WAYPOINT, TARGETS_API } from '../support/examples.js'

const policy = (path: string): string => `${SHOP_BEHIND_WAYPOINT}apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: no-invoices
  namespace: shop
spec:
  targetRefs:
${TARGETS_API}  action: DENY
  rules:
    - to:
        - operation:
            paths: ["${path}
`

export const unmatchableValuePage: RuleDocs = {
  summary: 'A path, host or method of a policy matches no request.',
  why: 'A `*` is a wildcard only as the first or the last character. In the middle it is compared as it is, so that `/users/*/invoices` matches no real request. A path starts with `/` and has no query, a host has no scheme and no path, and methods are compared with case. A DENY with such a value denies nothing, and an ALLOW allows nothing.',
  bad: policy('/users/*/invoices"] # ←'),
  good: policy('/users/{*}/invoices"]'),
  fix: 'Use a template: `{*}` for one segment of the path, `{**}` for the rest of it. Write a path without its query, a host without its scheme, and a method in capital letters.',
  references: [
    'istio/istio pilot/pkg/security/authz/matcher/string.go',
    'istio/istio pilot/pkg/security/authz/matcher/header.go',
    'https://istio.io/latest/docs/reference/config/security/authorization-policy/#Operation',
  ],
}
