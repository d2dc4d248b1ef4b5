import type { RuleDocs } from '../rule.js'

export const invalidResourcePage: RuleDocs = {
  summary: 'The API server or istiod rejects this object.',
  why: `Before the API server stores an object, it validates the object against the schema and the CEL rules of its kind, rejects unknown fields (the default of \`kubectl\`), and calls istiod's admission webhook. A rejected object is not enforced. After an edit, the previous version still applies.

Values are checked as the API server receives them. \`kubectl\` reads YAML 1.1: without quotes, \`80\` is a number, and \`yes\`, \`on\` and \`off\` are booleans. Values that another tool fills in (\`\${X}\`, \`{{ … }}\`) are not checked.`,
  bad: `apiVersion: security.istio.io/v1
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
            principals: ["cluster.local/ns/shop/sa/web"]
      to:
        - operation:
            ports: [8080] # ← must be a string
`,
  good: `apiVersion: security.istio.io/v1
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
            principals: ["cluster.local/ns/shop/sa/web"]
      to:
        - operation:
            ports: ["8080"]
`,
  fix: 'Correct the field in the message. The fixes suggest names for misspelt fields and values, and add quotes to numbers in lists of strings.',
  references: [
    'istio/api kubernetes/customresourcedefinitions.gen.yaml',
    'istio/istio pkg/config/validation/validation.go (ValidateAuthorizationPolicy, ValidatePeerAuthentication, ValidateRequestAuthentication, ValidateServiceEntry)',
    'istio/istio pkg/config/security/security.go',
    'https://kubernetes.io/docs/reference/using-api/api-concepts/#validation-for-unrecognized-or-duplicate-fields',
  ],
}
