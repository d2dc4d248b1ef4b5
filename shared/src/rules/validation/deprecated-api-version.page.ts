import type { RuleDocs } from '../rule.js'

export const deprecatedApiVersionPage: RuleDocs = {
  summary: 'An object uses v1beta1 or v1alpha3 of an Istio API with a v1.',
  why: 'Since Istio 1.22 these kinds have a version v1 with the same schema, and the API server stores v1. The older versions still work, but they are deprecated.',
  bad: `apiVersion: security.istio.io/v1beta1 # ← deprecated
kind: PeerAuthentication
metadata:
  name: strict
  namespace: shop
spec:
  mtls:
    mode: STRICT
`,
  good: `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: strict
  namespace: shop
spec:
  mtls:
    mode: STRICT
`,
  fix: 'Change the version to v1. Nothing else changes.',
  versions: 'Not reported if the mesh is known to run a release before 1.22.',
  references: [
    'istio/api kubernetes/customresourcedefinitions.gen.yaml (served, storage)',
    'https://istio.io/latest/blog/2024/v1-apis/',
  ],
}
