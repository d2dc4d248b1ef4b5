/** One case: texts, edits or requests, in parts that can be removed separately. */
export interface FuzzCase {
  readonly parts: readonly unknown[]
  readonly units: number
}

export interface FuzzStage {
  readonly name: string
}

export const STAGES: Readonly<
  Record<
    | 'inputs'
    | 'edits'
    | 'requests'
    | 'settings'
    | 'patterns'
    | 'names'
    | 'files'
    | 'logs'
    | 'dumps'
    | 'accessTests'
    | 'messages'
    | 'classes'
    | 'spaces',
    FuzzStage
  >
>

/** The manifests below some folders, from which the cases are made. */
export function readCorpus(folders: readonly string[]): unknown

export function caseOf(
  stage: FuzzStage,
  options: { readonly seed: number; readonly number: number; readonly corpus: unknown },
): FuzzCase

/** Why a case fails; undefined if it passes. */
export function problemOf(stage: FuzzStage, given: FuzzCase): Promise<string | undefined>
