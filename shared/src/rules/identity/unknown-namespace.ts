import { NameIndex } from '../../mesh/nameIndex.js'
import { assumed, CERTAIN } from '../../mesh/certainty.js'
import { mayBeFilled } from '../../mesh/described.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import { keys } from '../../inventory/indexKeys.js'
import { setValue } from '../fixes/setValue.js'
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
        isSystemNamespace(mesh, namespace) ||
        mesh.hasOpaque('Namespace')
      )
        continue
      const similar = mesh.get(similarNamespace, namespace)
      // A policy that names both namespaces has no typing mistake.
      if (
        similar === undefined ||
        named.some((other) => other.namespaceWritten && other.namespace === similar)
      )
        continue
      const { path } = account
      report({
        message: `Unknown namespace ${quoted(namespace)}: this value never matches. Did you mean ${quoted(similar)}?`,
        path,
        certainties: [
          mesh.world === 'closed'
            ? CERTAIN
            : assumed(`there is no namespace "${namespace}" outside these files`),
        ],
        related: mesh.at('Namespace', keys.named('Namespace', '', similar)).map((resource) => ({
          resource,
          path: ['metadata', 'name'],
          message: `Namespace "${similar}" is defined here.`,
        })),
        fixes: () => [setValue({ resource: policy, path, value: withNamespace(account, similar) })],
      })
    }
  },
})

/** The namespace with nearly the same name, computed once for all policies. */
const similarNamespace = query('similar namespace', (mesh, name: string): string | undefined =>
  mistypedName(name, mesh.get(namespaceIndex, '')),
)

const namespaceIndex = query(
  'index of namespaces',
  (mesh, _: '') => new NameIndex(mesh.all('Namespace').map(({ name }) => name)),
  { lazy: true },
)

/**
 * Whether a namespace is created by Kubernetes, by Istio or by its charts, usually without a
 * Namespace in the files.
 */
function isSystemNamespace(mesh: Mesh, namespace: string): boolean {
  return (
    namespace === 'default' ||
    namespace === mesh.settings.rootNamespace ||
    /^(kube|istio)-/.test(namespace)
  )
}

/** Whether the files show the namespace, objects in it, or something that may create it. */
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
