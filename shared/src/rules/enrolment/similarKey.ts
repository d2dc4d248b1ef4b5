import { nearMiss } from '../../mesh/nearMiss.js'
import { ANNOTATIONS } from '../../vocabulary/annotations.js'
import { LABELS } from '../../vocabulary/labels.js'
import { isIstioKey, type MetadataField } from '../../vocabulary/metadataKeys.js'
import { DEAD_KEYS, UNCATALOGUED_KEYS } from '../../vocabulary/otherKeys.js'

const LABEL_NAMES = Object.keys(LABELS).filter(isIstioKey)
const ANNOTATION_NAMES = Object.keys(ANNOTATIONS)
const KNOWN_KEYS: ReadonlySet<string> = new Set([
  ...LABEL_NAMES,
  ...ANNOTATION_NAMES,
  ...UNCATALOGUED_KEYS,
  ...Object.keys(DEAD_KEYS),
])

/** The label or annotation that is similar to an unknown key. Undefined for known keys, and where none is similar. */
export function similarKey(
  key: string,
  field: MetadataField,
): { readonly key: string; readonly field: MetadataField } | undefined {
  if (KNOWN_KEYS.has(key)) return undefined
  const fields: readonly MetadataField[] =
    field === 'labels' ? ['labels', 'annotations'] : ['annotations', 'labels']
  for (const candidate of fields) {
    const similar = mostSimilar(key, candidate === 'labels' ? LABEL_NAMES : ANNOTATION_NAMES)
    if (similar !== undefined) return { key: similar, field: candidate }
  }
  return undefined
}

function mostSimilar(key: string, knownKeys: readonly string[]): string | undefined {
  const domain = key.slice(0, key.indexOf('/') + 1)
  const byName = new Map(
    knownKeys
      .filter((known) => known.startsWith(domain))
      .map((known) => [nameOf(known).toLowerCase(), known]),
  )
  const name = nameOf(key).toLowerCase()
  const longNames = [...byName.keys()].filter((known) => known.length >= MIN_LENGTH)
  const similar = byName.get(name) ?? byName.get(nearMiss(name, longNames) ?? '')
  if (similar !== undefined) return similar
  // The same name in another Istio domain.
  const [only, ...others] = knownKeys.filter(
    (known) => nameOf(known) === nameOf(key) && name.length >= MIN_LENGTH,
  )
  return others.length === 0 ? only : undefined
}

/** Shorter names are too similar to each other. */
const MIN_LENGTH = 6

function nameOf(key: string): string {
  return key.slice(key.indexOf('/') + 1)
}
