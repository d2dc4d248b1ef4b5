import type { RuleDocs } from '../rule.js'

export const deprecatedApiVersionPage: RuleDocs = {
  summary: 'An object is written in v1beta1 or v1alpha3 of an Istio API that has a v1.',
  why: 'Since Istio 1.22 these kinds have a version v1 with the same schema, and v1 is what the API server stores. The versions before it are still served, so nothing breaks; they are on their way out.',
  bad: `apiVersion: security.istio.io/v1beta1
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
  fix: 'Write v1 instead; nothing else changes.',
  versions: 'Silent where the mesh is known to run a release before 1.22.',
  references: [
    'istio/api kubernetes/customresourcedefinitions.gen.yaml (served, storage)',
    'https://istio.io/latest/blog/2024/v1-apis/',
  ],
}
