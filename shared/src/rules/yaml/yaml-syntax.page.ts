import type { RuleDocs } from '../rule.js'

export const yamlSyntaxPage: RuleDocs = {
  summary: 'A Kubernetes object is not valid YAML.',
  why: 'The API server rejects the document, so nothing in it is enforced. Templates are recognized and never reported. If a key is written twice, kubectl takes the last one, and this is a warning. kustomize rejects the file, and this is an error. A document that is too large or too deeply nested is not read; this is reported as information.',
  bad: `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: strict
  namespace: shop
spec:
  mtls: {mode: STRICT # ← } is missing
`,
  good: `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: strict
  namespace: shop
spec:
  mtls: {mode: STRICT}
`,
  fix: 'Correct the YAML at the marked place.',
  references: ['YAML 1.2.2'],
}
