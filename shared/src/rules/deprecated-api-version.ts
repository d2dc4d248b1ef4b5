import { atLeast, settingsOf } from '../mesh/settings.js'
import { defineRule } from './rule.js'

/** The first release that serves v1 of these kinds. */
const FIRST_WITH_V1 = '1.22'

export const deprecatedApiVersion = defineRule({
  name: 'deprecated-api-version',
  level: 'hint',
  subjects: ['AuthorizationPolicy', 'Gateway.networking.istio.io', 'PeerAuthentication', 'RequestAuthentication', 'ServiceEntry', 'VirtualService', 'WorkloadEntry'],
  reads: ['MeshConfig'],
  docs: {
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
    references: ['istio/api kubernetes/customresourcedefinitions.gen.yaml (served, storage)', 'https://istio.io/latest/blog/2024/v1-apis/'],
  },
  check(subject, { mesh, report }) {
    const { apiVersion, group } = subject
    const version = apiVersion.slice(group.length + 1)
    // The security kinds never had a v1alpha3; `invalid-resource` speaks of such versions.
    if (version !== 'v1beta1' && !(version === 'v1alpha3' && group === 'networking.istio.io')) return
    if (!atLeast(mesh.get(settingsOf, '').istioVersion, FIRST_WITH_V1)) return
    const value = `${group}/v1`
    report({
      message: `${apiVersion} is still served, but ${value} is the version that the API server stores.`,
      path: ['apiVersion'],
      fixes: () => [{ title: `Change to ${value}`, preferred: true, safe: true, edits: [{ op: 'set', resource: subject, path: ['apiVersion'], value }] }],
    })
  },
})
