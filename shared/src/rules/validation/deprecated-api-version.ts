import { atLeast } from '../../mesh/settings.js'
import { defineRule } from '../rule.js'

/** The first release that serves v1 of these kinds. */
const FIRST_WITH_V1 = '1.22'

export const deprecatedApiVersion = defineRule({
  name: 'deprecated-api-version',
  level: 'hint',
  subjects: [
    'AuthorizationPolicy',
    'Gateway.networking.istio.io',
    'PeerAuthentication',
    'RequestAuthentication',
    'ServiceEntry',
    'VirtualService',
    'WorkloadEntry',
  ],
  reads: ['MeshConfig'],
  check(subject, { mesh, report }) {
    const { apiVersion, group } = subject
    const version = apiVersion.slice(group.length + 1)
    // The security kinds never had a v1alpha3; `invalid-resource` speaks of such versions.
    if (version !== 'v1beta1' && !(version === 'v1alpha3' && group === 'networking.istio.io'))
      return
    if (!atLeast(mesh.settings.istioVersion, FIRST_WITH_V1)) return
    const value = `${group}/v1`
    report({
      message: `${apiVersion} is still served, but ${value} is the version that the API server stores.`,
      path: ['apiVersion'],
      fixes: () => [
        {
          title: `Change to ${value}`,
          preferred: true,
          safe: true,
          edits: [{ op: 'set', resource: subject, path: ['apiVersion'], value }],
        },
      ],
    })
  },
})
