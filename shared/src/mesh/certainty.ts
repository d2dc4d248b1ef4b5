import type { Resource } from '../resources/resource.js'
import type { FieldPath } from '../yaml/node.js'

/** A fact that an answer rests on, with where it is written. */
export interface Evidence {
  readonly resource: Resource
  readonly path: FieldPath
  readonly message: string
}

/**
 * How a fact is known: `certain`, literal in the files; `assumed`, from evidence or a setting (then `assumption` says what was taken);
 * `unknown`, not at all (then nothing may be said).
 */
export type Certainty =
  | { readonly level: 'certain' }
  /** `setting`: the setting by which a person says otherwise. */
  | { readonly level: 'assumed'; readonly assumption: string; readonly setting?: EndingSetting }
  | { readonly level: 'unknown' }

/** Settings that end an assumption. */
type EndingSetting = 'assumeAmbient'

export const CERTAIN: Certainty = { level: 'certain' }
export const UNKNOWN: Certainty = { level: 'unknown' }

export function assumed(assumption: string, setting?: EndingSetting): Certainty {
  return setting === undefined
    ? { level: 'assumed', assumption }
    : { level: 'assumed', assumption, setting }
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
