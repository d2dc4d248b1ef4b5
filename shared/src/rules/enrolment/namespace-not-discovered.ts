import { isHidden } from '../../mesh/discovery.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { Namespace } from '../../resources/namespace.js'
import { DATAPLANE_MODE } from '../../vocabulary/labels.js'
import { discoverNamespace } from '../fixes/discoverNamespace.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { defineRule } from '../rule.js'
import { firstThatFits, quoted } from '../support/words.js'

const POLICIES = ['AuthorizationPolicy', 'PeerAuthentication', 'RequestAuthentication'] as const

export const namespaceNotDiscovered = defineRule({
  name: 'namespace-not-discovered',
  level: 'error',
  subjects: ['Namespace'],
  reads: [
    'AuthorizationPolicy',
    'MeshConfig',
    'Namespace',
    'PeerAuthentication',
    'RequestAuthentication',
  ],
  check(namespace, { mesh, report }) {
    const effect = effectIn(mesh, namespace)
    if (effect === undefined || !mesh.get(isHidden, namespace.name)) return
    report({
      message: firstThatFits(
        `${effect}: discoverySelectors leave out namespace ${quoted(namespace.name)}.`,
        `${effect}: discoverySelectors leave out this namespace.`,
      ),
      path: ['metadata', 'name'],
      related: mesh
        .all('MeshConfig')
        .filter(({ meshConfig }) => meshConfig.discoverySelectors !== undefined)
        .map((resource) => ({
          resource,
          path: [],
          message: 'This install sets the discoverySelectors.',
        })),
      fixes: () => rankFixes(discoverNamespace(mesh, namespace.name)),
    })
  },
})

/** What goes wrong in a namespace that istiod does not read; undefined if nothing is lost. */
function effectIn(mesh: Mesh, { name, labels }: Namespace): string | undefined {
  const isAmbient = labels?.[DATAPLANE_MODE] === 'ambient'
  const hasPolicies = POLICIES.some((type) => mesh.inNamespace(type, name).length > 0)
  if (isAmbient)
    return hasPolicies
      ? 'Connections of captured pods fail and no policy is enforced'
      : 'Connections of captured pods fail'
  return hasPolicies ? 'No policy of this namespace is enforced' : undefined
}
