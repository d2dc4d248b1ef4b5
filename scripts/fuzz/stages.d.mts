/** One case: what is damaged, edited or asked, in parts that can be left out one by one. */
export interface FuzzCase {
  readonly parts: readonly unknown[]
  readonly units: number
}

export interface FuzzStage {
  readonly name: string
}

export const STAGES: Readonly<Record<'inputs' | 'edits' | 'requests', FuzzStage>>

/** The texts that cases are made of; the manifests below some folders. */
export function readCorpus(folders: readonly string[]): unknown

export function caseOf(
  stage: FuzzStage,
  options: { readonly seed: number; readonly number: number; readonly corpus: unknown },
): FuzzCase

/** Why a case fails; undefined where it holds. */
export function complaintOf(stage: FuzzStage, given: FuzzCase): Promise<string | undefined>
