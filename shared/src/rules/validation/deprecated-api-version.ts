import { defineRule } from '../rule.js'
import { apiVersionOf, KINDS } from '../../vocabulary/kinds.js'
import { supports } from '../../vocabulary/releases.js'

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
  checksRejected: true,
  check(subject, { mesh, report }) {
    const { apiVersion, group, type } = subject
    const [, ...older] = KINDS[type].versions
    const version = apiVersion.slice(group.length + 1)
    // `invalid-resource` reports versions that were never served.
    if (!older.some((other) => other === version)) return
    if (!supports(mesh.settings, 'stableApiVersions')) return
    const value = apiVersionOf(type)
    report({
      message: `Use ${value}: ${version} is deprecated.`,
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
