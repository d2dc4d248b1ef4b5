import { parseBool, parseInteger } from '../text/goValues.js'
import type { KindName } from './kinds.js'

/** Where a key is written in the metadata of an object. */
export type MetadataField = 'labels' | 'annotations'

const ISTIO_KEY = /^(?:[a-z0-9-]+\.)*istio\.io\/.+$/

/** Whether a key belongs to the domain `istio.io` or to one of its subdomains. */
export function isIstioKey(key: string): boolean {
  return key.includes('istio.io/') && ISTIO_KEY.test(key)
}

/** How the value of a key is written, where Istio reads more than a list of values. */
export type ValueFormat = 'object-name' | 'namespace-name' | 'boolean' | 'percentage'

/** What Istio does with a label or an annotation. */
export interface MetadataKey {
  /** The kinds whose own metadata Istio reads the key from. */
  readonly kinds: readonly (KindName | 'Node')[] | 'any'
  /** Whether Istio reads it from pods, and so from pod templates. */
  readonly onPods: boolean
  /** The values that have an effect; undefined where they are not recorded here. */
  readonly values?: readonly string[] | ValueFormat
  /** A deprecated key still has its effect. */
  readonly retired?: {
    readonly status: 'deprecated'
    /** The key that replaces it, where there is one. */
    readonly replacement?: string
  }
}

/** What Istio reads from the metadata of pods alone. */
export const ON_PODS = { kinds: [], onPods: true } as const satisfies MetadataKey

/** What any object can have. */
export const ON_ANY = { kinds: 'any', onPods: true } as const satisfies MetadataKey

/** What Istio reads from objects of some kinds, and not from pods. */
export function onKinds<const K extends readonly (KindName | 'Node')[]>(
  ...kinds: K
): { readonly kinds: K; readonly onPods: false } {
  return { kinds, onPods: false }
}

/** Whether Istio reads a key from the metadata of an object of a kind, or of the pods that it makes. */
export function isReadFrom({ kinds, onPods }: MetadataKey, kind: string, ofPods: boolean): boolean {
  if (ofPods) return onPods
  return kinds === 'any' || kinds.some((name) => name === kind)
}

/** Whether a value has an effect. */
export function acceptsValue({ values }: MetadataKey, value: string): boolean {
  if (values === undefined) return true
  return typeof values === 'string' ? FORMATS[values](value) : values.includes(value)
}

const FORMATS: Readonly<Record<ValueFormat, (value: string) => boolean>> = {
  'object-name': (value) => /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(value),
  'namespace-name': (value) => /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(value),
  boolean: (value) => parseBool(value) !== undefined,
  percentage: (value) => parsePercentage(value) !== undefined,
}

/** An integer from 0 to 100, as Istio reads it; undefined for other texts. */
export function parsePercentage(text: string): number | undefined {
  const number = parseInteger(text)
  return number !== undefined && number >= 0 && number <= 100 ? number : undefined
}
