import type { RuleDocs } from '../rule.js'

export const yamlSyntaxPage: RuleDocs = {
  summary: 'A document that would be a Kubernetes object is not valid YAML.',
  why: 'The API server refuses it; what the document would enforce is not enforced. Templates are recognised and never reported. A document that is nested too deeply, or too large, is not read, and an information says so.',
  bad: `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: strict
  namespace: shop
spec:
  mtls: {mode: STRICT
`,
  good: `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: strict
  namespace: shop
spec:
  mtls: {mode: STRICT}
`,
  fix: 'Repair the YAML at the marked place.',
  references: ['YAML 1.2.2'],
}
