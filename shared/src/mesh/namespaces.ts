import { keys } from '../inventory/indexKeys.js'
import { matchOfLabelSelector } from '../resources/labelSelector.js'
import type { Namespace } from '../resources/namespace.js'
import { isUnnamed } from '../resources/namespaceId.js'
import type { Labels } from '../resources/resource.js'
import { METADATA_NAME } from '../vocabulary/labels.js'
import { isPlaceholder } from '../yaml/placeholder.js'
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
 * Whether `meshConfig.discoverySelectors` select a namespace, by the labels in the files
 * (docs/semantics.md §1.7). `unknown` where its definitions disagree, and where the selectors need
 * labels that no file shows.
 */
export const discoveryOf = query(
  'discovery',
  (mesh, namespace: string): 'selected' | 'left out' | 'unknown' => {
    const selectors = mesh.settings.discoverySelectors
    if (selectors === undefined || selectors.length === 0) return 'selected'
    if (isUnnamed(namespace)) return 'unknown'
    const definitions = mesh.at('Namespace', keys.named('Namespace', '', namespace))
    const name: Labels = { [METADATA_NAME]: namespace }
    const shown = definitions.map(({ labels }): Labels => ({ ...labels, ...name }))
    const matches = new Set(
      (shown.length > 0 ? shown : [name]).map((labels) => {
        const isKnown = (key: string): boolean =>
          (definitions.length > 0 || key === METADATA_NAME) && !isPlaceholder(labels[key] ?? '')
        const each = selectors.map((selector) => matchOfLabelSelector(selector, labels, isKnown))
        return each.includes(true) ? true : each.includes('unknown') ? 'unknown' : false
      }),
    )
    const [only = 'unknown'] = matches
    if (matches.size > 1 || only === 'unknown') return 'unknown'
    return only ? 'selected' : 'left out'
  },
)

/** Whether istiod reads the objects of a namespace. True where this is unknown. */
export const isDiscovered = query(
  'discovered',
  (mesh, namespace: string): boolean => mesh.get(discoveryOf, namespace) !== 'left out',
)

/** Whether an admission controller may enrol namespaces whose files have no label for it. */
export const enrolsElsewhere = query('enrols elsewhere', (mesh, _: ''): boolean =>
  mesh.all('Other').some(({ enrols }) => enrols === true),
)
