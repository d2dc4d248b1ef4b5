import { ANNOTATIONS } from '../../vocabulary/annotations.js'
import { LABELS } from '../../vocabulary/labels.js'
import type { MetadataField } from '../../vocabulary/metadataKeys.js'
import { DEAD_KEYS, UNCATALOGUED_KEYS } from '../../vocabulary/otherKeys.js'
import { nearMiss } from '../../mesh/nearMiss.js'

const ISTIO_KEY = /^((?:[a-z0-9-]+\.)*istio\.io)\/(.+)$/
const LABEL_NAMES = Object.keys(LABELS).filter(isIstioKey)
const ANNOTATION_NAMES = Object.keys(ANNOTATIONS)
const KNOWN: ReadonlySet<string> = new Set([
  ...LABEL_NAMES,
  ...ANNOTATION_NAMES,
  ...UNCATALOGUED_KEYS,
  ...Object.keys(DEAD_KEYS),
])
/** Whether a key of metadata is of Istio's domain, or of one below it. */
export function isIstioKey(key: string): boolean {
  return key.includes('istio.io/') && ISTIO_KEY.test(key)
}

/** The label or annotation that an unknown key of Istio's domain was probably meant to be; undefined for keys that are known, and for those that resemble none. */
export function meantKey(
  key: string,
  field: MetadataField,
): { readonly key: string; readonly field: MetadataField } | undefined {
  if (KNOWN.has(key)) return undefined
  const fields: readonly MetadataField[] =
    field === 'labels' ? ['labels', 'annotations'] : ['annotations', 'labels']
  for (const candidate of fields) {
    const meant = meantAmong(key, candidate === 'labels' ? LABEL_NAMES : ANNOTATION_NAMES)
    if (meant !== undefined) return { key: meant, field: candidate }
  }
  return undefined
}

function meantAmong(key: string, known: readonly string[]): string | undefined {
  const [, domain = '', name = ''] = ISTIO_KEY.exec(key) ?? []
  const own = new Map(
    known
      .filter((candidate) => candidate.startsWith(`${domain}/`))
      .map((candidate) => [nameOf(candidate).toLowerCase(), candidate]),
  )
  const written = name.toLowerCase()
  const near =
    own.get(written) ??
    own.get(
      nearMiss(
        written,
        [...own.keys()].filter((candidate) => candidate.length >= SHORTEST),
      ) ?? '',
    )
  if (near !== undefined) return near
  // The right name under another of Istio's domains.
  const [only, ...others] = known.filter(
    (candidate) => nameOf(candidate) === name && name.length >= SHORTEST,
  )
  return others.length === 0 ? only : undefined
}

/** Below this, two edits make any word another. */
const SHORTEST = 6

function nameOf(key: string): string {
  return key.slice(key.indexOf('/') + 1)
}
