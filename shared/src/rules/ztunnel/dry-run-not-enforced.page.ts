import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

export const dryRunNotEnforcedPage: RuleDocs = {
  summary:
    'By default ztunnel does not log dry-run policies; a non-boolean value makes the policy enforced.',
  why: `istiod sends a policy with \`istio.io/dry-run: "true"\` to ztunnel only with \`AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY=true\`. The default is \`false\`: the policy is not enforced **and not logged**. The absence of log lines tells nothing about the policy. (A waypoint does log dry-run policies.)

A value that is not a boolean (\`yes\`, \`on\`) is rejected by the API server. Without validation it counts as \`false\`: the policy is **enforced**. This finding is an error.`,
  bad: `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-web
  namespace: shop
  annotations:
    istio.io/dry-run: "true" # ← not sent to ztunnel
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
  fix: 'To log what the policy would do, set `AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY=true` on istiod. To enforce the policy, remove the annotation.',
  versions:
    'ztunnel supports dry-run policies since 1.29. Earlier releases never send them to ztunnel.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/authorization.go (isDryRun, convertAuthorizationPolicy)',
    'istio/istio pilot/pkg/features/ambient.go',
    'istio/istio pkg/config/validation/validation.go (validateMetadata)',
  ],
}
