import { visibilityOf } from '../../mesh/serviceEntryVisibility.js'
import { isUnnamed } from '../../resources/namespaceId.js'
import type { Service } from '../../resources/service.js'
import type { ServiceEntry } from '../../resources/serviceEntry.js'
import { EXPORT_TO } from '../../vocabulary/annotations.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import type { FieldPath } from '../../yaml/node.js'
import { defineRule } from '../rule.js'
import { firstThatFits, quoted } from '../support/words.js'
import { capturedNamespaces, sidecarNamespaces } from './clients.js'

export const exportToIgnored = defineRule({
  name: 'export-to-ignored',
  level: 'warning',
  subjects: ['Service', 'ServiceEntry'],
  reads: ['AuthorizationPolicy', 'Gateway', 'MeshConfig', 'Namespace', 'Workload'],
  check(service, { mesh, report }) {
    const { namespaces, path } = exportsOf(service)
    if (
      namespaces.length === 0 ||
      namespaces.some((namespace) => namespace === '*' || isPlaceholder(namespace)) ||
      isUnnamed(service.namespace)
    )
      return
    const isPublic =
      service.type === 'Service' || mesh.get(visibilityOf, service.namespace) === 'PUBLIC'
    const isOutside = (namespace: string): boolean =>
      !namespaces.includes(namespace) &&
      !(namespaces.includes('.') && namespace === service.namespace)
    const client = mesh.get(capturedNamespaces, '').find(isOutside)
    if (!isPublic || client === undefined || mesh.get(sidecarNamespaces, '').some(isOutside)) return
    const name =
      service.type === 'Service'
        ? `Service ${quoted(service.name)}`
        : quoted(service.hosts[0] ?? service.name)
    report({
      message: firstThatFits(
        `Clients of every namespace reach ${name}, for example of ${quoted(client)}: ambient mode does not read exportTo.`,
        `Clients of every namespace reach ${name}: ambient mode does not read exportTo.`,
        'Clients of every namespace reach this host: ambient mode does not read exportTo.',
      ),
      path,
      on: 'key',
    })
  },
})

function exportsOf(service: Service | ServiceEntry): {
  readonly namespaces: readonly string[]
  readonly path: FieldPath
} {
  if (service.type === 'ServiceEntry')
    return { namespaces: service.exportTo, path: ['spec', 'exportTo'] }
  const written = service.annotations?.[EXPORT_TO] ?? ''
  return {
    namespaces: written
      .split(',')
      .map((namespace) => namespace.trim())
      .filter((namespace) => namespace !== ''),
    path: ['metadata', 'annotations', EXPORT_TO],
  }
}
