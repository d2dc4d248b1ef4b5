import type { Resource } from '../resources/resource.js'
import type { FieldPath } from '../yaml/node.js'

/** A fact that an answer rests on, with where it is written. */
export interface Evidence {
  readonly resource: Resource
  readonly path: FieldPath
  readonly message: string
}

/** How a fact is known that an answer may rest on. */
export type KnownCertainty =
  /** It is written in the files. */
  | { readonly level: 'certain' }
  | {
      /** It follows from evidence or from a setting. */
      readonly level: 'assumed'
      readonly assumption: string
      /** The setting that ends the assumption. */
      readonly setting?: EndingSetting
    }

/** How a fact is known. Nothing may rest on an unknown fact. */
export type Certainty = KnownCertainty | Unknown

interface Unknown {
  readonly level: 'unknown'
}

/** Settings that end an assumption. */
type EndingSetting = 'assumeAmbient'

export const CERTAIN: KnownCertainty = { level: 'certain' }
export const UNKNOWN: Unknown = { level: 'unknown' }

export function assumed(assumption: string, setting?: EndingSetting): KnownCertainty {
  return setting === undefined
    ? { level: 'assumed', assumption }
    : { level: 'assumed', assumption, setting }
}

export function isKnown(certainty: Certainty): certainty is KnownCertainty {
  return certainty.level !== 'unknown'
}

/** The assumptions among several certainties, each once. */
export function assumptionsOf(certainties: readonly Certainty[]): string[] {
  return [
    ...new Set(
      certainties.flatMap((certainty) =>
        certainty.level === 'assumed' ? [certainty.assumption] : [],
      ),
    ),
  ]
}
