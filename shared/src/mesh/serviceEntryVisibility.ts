import { matchesLabelSelector } from '../resources/labelSelector.js'
import type { Visibility } from '../resources/meshConfig.js'
import { METADATA_NAME } from '../vocabulary/labels.js'
import { supports } from '../vocabulary/releases.js'
import type { ServiceEntry } from '../resources/serviceEntry.js'
import { query, type Mesh } from './mesh.js'
import { namespaceObject } from './namespaces.js'

/** Which clients see the ServiceEntries of a namespace (`meshConfig.serviceEntryVisibility`). */
export const visibilityOf = query(
  'ServiceEntry visibility',
  (mesh, namespace: string): Visibility => {
    const { serviceEntryVisibility } = mesh.settings
    if (!serviceEntryVisibility || !supports(mesh.settings, 'serviceEntryVisibility'))
      return 'PUBLIC'
    const labels = { ...mesh.get(namespaceObject, namespace)?.labels, [METADATA_NAME]: namespace }
    const decides = serviceEntryVisibility.policies.find(({ namespaceSelectors }) =>
      namespaceSelectors.every((selector) => matchesLabelSelector(selector, labels)),
    )
    return decides?.visibility ?? serviceEntryVisibility.defaultVisibility
  },
)

/** Whether the clients of a namespace see a ServiceEntry. */
export function isVisibleTo(mesh: Mesh, { namespace }: ServiceEntry, client: string): boolean {
  const visibility = mesh.get(visibilityOf, namespace)
  return visibility === 'PUBLIC' || (visibility === 'NAMESPACE' && namespace === client)
}
