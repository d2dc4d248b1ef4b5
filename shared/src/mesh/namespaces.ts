import { keys } from '../inventory/indexKeys.js'
import { matchesLabelSelector } from '../resources/labelSelector.js'
import type { Namespace } from '../resources/namespace.js'
import type { Labels } from '../resources/resource.js'
import { METADATA_NAME } from '../vocabulary/labels.js'
import { query } from './mesh.js'

/** The Namespace object; undefined where the files have several with different labels of Istio. */
export const namespaceObject = query(
  'namespace object',
  (mesh, namespace: string): Namespace | undefined => {
    const found = mesh.at('Namespace', keys.named('Namespace', '', namespace))
    const [first] = found
    return found.every((other) => sameMeshLabels(first?.labels, other.labels)) ? first : undefined
  },
)

function sameMeshLabels(a: Labels | undefined, b: Labels | undefined): boolean {
  return Object.keys({ ...a, ...b }).every((key) => !key.includes('istio') || a?.[key] === b?.[key])
}

/**
 * Whether istiod reads the objects of a namespace (`meshConfig.discoverySelectors`,
 * docs/semantics.md §1.7). True where the labels of the namespace are unknown.
 */
export const isDiscovered = query('discovered', (mesh, namespace: string): boolean => {
  const selectors = mesh.settings.discoverySelectors
  const object = mesh.get(namespaceObject, namespace)
  if (selectors === undefined || selectors.length === 0 || !object) return true
  const labels = { ...object.labels, [METADATA_NAME]: namespace }
  return selectors.some((selector) => matchesLabelSelector(selector, labels))
})
