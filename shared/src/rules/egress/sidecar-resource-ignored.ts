import type { Mesh } from '../../mesh/mesh.js'
import { namespaceEnrolment } from '../../mesh/namespaceEnrolment.js'
import { isUnnamed } from '../../resources/namespaceId.js'
import type { Sidecar } from '../../resources/sidecar.js'
import { defineRule } from '../rule.js'
import { sidecarNamespaces } from './clients.js'

export const sidecarResourceIgnored = defineRule({
  name: 'sidecar-resource-ignored',
  level: 'warning',
  subjects: ['Sidecar'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'MeshConfig',
    'Namespace',
    'Other',
    'Workload',
    'opaque',
  ],
  check(sidecar, { mesh, report }) {
    if (isUnnamed(sidecar.namespace) || mayHaveSidecars(mesh, sidecar)) return
    report({
      message: 'This Sidecar resource has no effect: ambient mode does not read it.',
      path: ['metadata', 'name'],
    })
  },
})

/** Whether a sidecar may read the resource: one of its namespace, or of any namespace for the root namespace. */
function mayHaveSidecars(mesh: Mesh, { namespace }: Sidecar): boolean {
  const injected = mesh.get(sidecarNamespaces, '')
  const mayHaveMore = mesh.hasOpaque('Namespace')
  const { rootNamespace, rootNamespaceKnown } = mesh.settings
  if (namespace !== rootNamespace)
    return injected.includes(namespace) || !isAmbient(mesh, namespace)
  const enrolled = mesh
    .all('Namespace')
    .filter(({ name }) => mesh.get(namespaceEnrolment, name).mode !== 'none')
  return (
    !rootNamespaceKnown ||
    mayHaveMore ||
    injected.length > 0 ||
    enrolled.length === 0 ||
    !enrolled.every(({ name }) => isAmbient(mesh, name))
  )
}

function isAmbient(mesh: Mesh, namespace: string): boolean {
  const { mode, certainty } = mesh.get(namespaceEnrolment, namespace)
  return mode === 'ambient' && certainty.level === 'certain'
}
