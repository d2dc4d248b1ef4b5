import type { RuleDocs } from '../rule.js'

export const invalidResourcePage: RuleDocs = {
  summary: 'The API server or istiod refuses the object when it is applied.',
  why: `Before an object is stored, the API server holds it against the schema and the CEL rules of its kind, refuses fields that the schema does not know (as \`kubectl\` asks for by default), and lets istiod's admission webhook look at it. What is refused is not enforced, and after an edit the version before stays in force.

Values are judged as the API server receives them. \`kubectl\` reads YAML 1.1, so \`80\` is a number and \`yes\`, \`on\` and \`off\` are booleans where a string is asked for. Values that another tool fills in (\`\${X}\`, \`{{ … }}\`) are not judged.`,
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
            ports: [8080]
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
  fix: 'Correct the field that the message names. Misspelt fields and values get their likely name; numbers in lists of strings get quotes.',
  references: [
    'istio/api kubernetes/customresourcedefinitions.gen.yaml',
    'istio/istio pkg/config/validation/validation.go (ValidateAuthorizationPolicy, ValidatePeerAuthentication, ValidateRequestAuthentication)',
    'istio/istio pkg/config/security/security.go',
    'https://kubernetes.io/docs/reference/using-api/api-concepts/#validation-for-unrecognized-or-duplicate-fields',
  ],
}
