import { matchOfLabelSelector } from '../resources/labelSelector.js'
import type { ServiceEntryVisibility, Visibility } from '../resources/meshConfig.js'
import type { ServiceEntry } from '../resources/serviceEntry.js'
import { METADATA_NAME } from '../vocabulary/labels.js'
import { supports } from '../vocabulary/releases.js'
import { query, type Mesh } from './mesh.js'
import { namespaceLabels } from './namespaceEnrolment.js'
import { namespaceObject } from './namespaces.js'

/** `meshConfig.serviceEntryVisibility`; undefined where it is not set, and before its release. */
export function visibilityConfig({
  settings,
}: Pick<Mesh, 'settings'>): ServiceEntryVisibility | undefined {
  return supports(settings, 'serviceEntryVisibility') ? settings.serviceEntryVisibility : undefined
}

/**
 * Which clients see the ServiceEntries of a namespace (`meshConfig.serviceEntryVisibility`,
 * docs/semantics.md §2.9): as far as the files show its labels.
 */
export const visibilityOf = query(
  'ServiceEntry visibility',
  (mesh, namespace: string): Visibility => {
    const config = visibilityConfig(mesh)
    if (!config) return 'PUBLIC'
    const decides = config.policies.find((policy) =>
      policyMatches(policy, namespace, {
        labels: mesh.get(namespaceObject, namespace)?.labels,
        isKnown: () => true,
      }),
    )
    return decides?.visibility ?? config.defaultVisibility
  },
)

/** Whether the files show every label that decides about the visibility of a namespace. */
export const isVisibilityKnown = query(
  'ServiceEntry visibility is known',
  (mesh, namespace: string): boolean => {
    const config = visibilityConfig(mesh)
    const labels = mesh.get(namespaceLabels, namespace)
    if (!config || labels) return true
    return config.policies.every(
      (policy) =>
        policyMatches(policy, namespace, {
          labels: undefined,
          isKnown: (key) => key === METADATA_NAME,
        }) !== 'unknown',
    )
  },
)

/** Whether all rules of a policy match a namespace. A rule without a selector matches none. */
function policyMatches(
  { namespaceSelectors }: ServiceEntryVisibility['policies'][number],
  namespace: string,
  known: {
    readonly labels: Readonly<Record<string, string>> | undefined
    readonly isKnown: (key: string) => boolean
  },
): boolean | 'unknown' {
  const labels = { ...known.labels, [METADATA_NAME]: namespace }
  const results = namespaceSelectors.map(
    (selector) => selector !== undefined && matchOfLabelSelector(selector, labels, known.isKnown),
  )
  if (results.includes(false)) return false
  return results.includes('unknown') ? 'unknown' : true
}

/** Whether the clients of a namespace see a ServiceEntry: for others ztunnel acts as if it did not exist. */
export function isVisibleTo(mesh: Mesh, { namespace }: ServiceEntry, client: string): boolean {
  const visibility = mesh.get(visibilityOf, namespace)
  return visibility === 'PUBLIC' || (visibility === 'NAMESPACE' && namespace === client)
}
