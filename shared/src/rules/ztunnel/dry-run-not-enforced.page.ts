import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

export const dryRunNotEnforcedPage: RuleDocs = {
  summary:
    'A dry-run policy is not even tried out by ztunnel, or is enforced because its annotation is no boolean.',
  why: `With \`AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY=false\`, which is the default, istiod does not send policies with \`istio.io/dry-run: "true"\` to ztunnel: nothing is enforced **and nothing is logged**, so no log line says nothing about what the policy would do. (A waypoint does try such policies out.)

A value that is no boolean (\`yes\`, \`on\`) counts as false: the API server's webhook refuses it, and where it is let in, the policy is **enforced**. That finding is an error.`,
  bad: `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-web
  namespace: shop
  annotations:
    istio.io/dry-run: "true"
spec:
  selector:
    matchLabels:
      app: api
  action: ALLOW
  rules:
    - from:
        - source:
            serviceAccounts: ["shop/web"]
`,
  good: `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
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
    - from:
        - source:
            serviceAccounts: ["shop/web"]
`,
  fix: `Set \`AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY=true\` on istiod, so that ztunnel logs what the policy would do; or remove the annotation, which enforces it.`,
  versions:
    'ztunnel evaluates dry-run policies since 1.29, with the flag; before, istiod never sends them.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/authorization.go (isDryRun, convertAuthorizationPolicy)',
    'istio/istio pilot/pkg/features/ambient.go',
    'istio/istio pkg/config/validation/validation.go (validateMetadata)',
  ],
}
