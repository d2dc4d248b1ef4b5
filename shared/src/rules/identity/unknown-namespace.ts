import { assumed, CERTAIN } from '../../mesh/certainty.js'
import { mayBeFilled } from '../../mesh/described.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import { keys } from '../../inventory/indexKeys.js'
import { setValue } from '../fixes/didYouMean.js'
import { defineRule } from '../rule.js'
import { namedAccounts, withNamespace } from './namedAccounts.js'
import { mistypedName } from '../support/mistypedName.js'
import { quoted } from '../support/words.js'

export const unknownNamespace = defineRule({
  name: 'unknown-namespace',
  level: 'warning',
  subjects: ['AuthorizationPolicy'],
  reads: [
    'Gateway',
    'MeshConfig',
    'Namespace',
    'Other',
    'Service',
    'ServiceAccount',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    const named = mesh.perQuery(namedAccounts, policy)
    for (const account of named) {
      const { namespace, namespaceWritten } = account
      if (
        !namespaceWritten ||
        namespace === policy.namespace ||
        mesh.get(exists, namespace) ||
        isMade(mesh, namespace) ||
        mesh.hasOpaque('Namespace')
      )
        continue
      const meant = mesh.get(namespaceMeantBy, namespace)
      // Who names both, means both.
      if (
        meant === undefined ||
        named.some((other) => other.namespaceWritten && other.namespace === meant)
      )
        continue
      const { path } = account
      report({
        message: `There is no namespace ${quoted(namespace)}, but ${quoted(meant)}: this value matches nobody.`,
        path,
        certainties: [
          mesh.world === 'closed'
            ? CERTAIN
            : assumed(`there is no namespace "${namespace}" outside these files`),
        ],
        related: mesh.at('Namespace', keys.named('Namespace', '', meant)).map((resource) => ({
          resource,
          path: ['metadata', 'name'],
          message: `The namespace "${meant}".`,
        })),
        fixes: () => [setValue({ resource: policy, path, value: withNamespace(account, meant) })],
      })
    }
  },
})

/** The namespace whose name was probably meant, worked out once for all policies that name it so. */
const namespaceMeantBy = query('namespace meant by', (mesh, name: string): string | undefined =>
  mistypedName(
    name,
    mesh.all('Namespace').map((namespace) => namespace.name),
  ),
)

/** Namespaces that clusters, Istio and its charts bring without a Namespace object in anybody's files. */
function isMade(mesh: Mesh, namespace: string): boolean {
  return (
    namespace === 'default' ||
    namespace === mesh.settings.rootNamespace ||
    /^(kube|istio)-/.test(namespace)
  )
}

/** Whether the files show the namespace, or objects in it, or something that may bring it. */
const exists = query('namespace exists', (mesh, namespace: string): boolean => {
  if (
    mesh.named('Namespace', '', namespace) ||
    mayBeFilled(mesh, namespace) ||
    mesh.workloadsAt(keys.workloads(namespace)).length > 0
  )
    return true
  return (['Service', 'ServiceAccount', 'Gateway'] as const).some(
    (type) => mesh.at(type, keys.namespace(type, namespace)).length > 0,
  )
})
