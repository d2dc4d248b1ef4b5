import type { Fix } from '../rules/fix.js'
import { addAllToGroup } from '../text/collections.js'
import type { TextEdit } from '../yaml/edit/textEdit.js'
import type { Analysis } from './analysis.js'
import { newTexts, policiesOf, proveChange } from './fixProof.js'
import type { MeshFinding } from './meshFindings.js'
import type { FileEdit } from './renderEdits.js'
import type { WorkspaceMeshes } from './workspaceMeshes.js'

/** A fix with its edits, which are all in one file. */
export interface RenderedFix {
  readonly fix: MeshFinding & { readonly fix: Fix }
  readonly change: FileEdit
}

type TextOf = (file: string) => string | undefined

/**
 * The fixes that open nothing beyond the words of the policies that they edit, each alone and all together: each of two
 * equal DENY policies can be removed, but not both. The edits of the fixes do not overlap.
 */
export function closedFixes(
  meshes: WorkspaceMeshes,
  fixes: readonly RenderedFix[],
  textOf: TextOf,
): readonly RenderedFix[] {
  if (fixes.length === 0) return fixes
  const together = effectOf(meshes, fixes, textOf)
  if (together.isClosed && together.allows.length === 0) return fixes
  const alone = fixes.filter((fix) => effectOf(meshes, [fix], textOf).isClosed)
  return join([], alone, (some) => effectOf(meshes, some, textOf).isClosed)
}

/** The fixes that can join `accepted`, found by halving. */
function join(
  accepted: readonly RenderedFix[],
  fixes: readonly RenderedFix[],
  isClosed: (fixes: readonly RenderedFix[]) => boolean,
): readonly RenderedFix[] {
  const all = [...accepted, ...fixes]
  if (fixes.length === 0 || isClosed(all)) return all
  if (fixes.length === 1) return accepted
  const middle = fixes.length >> 1
  return join(join(accepted, fixes.slice(0, middle), isClosed), fixes.slice(middle), isClosed)
}

function effectOf(
  meshes: WorkspaceMeshes,
  fixes: readonly RenderedFix[],
  textOf: TextOf,
): ReturnType<typeof proveChange> {
  const edits = new Map<string, TextEdit[]>()
  for (const { change } of fixes) addAllToGroup(edits, change.file, change.edits)
  const analyses = new Set<Analysis>([...edits.keys()].flatMap((file) => meshes.analysesOf(file)))
  return proveChange(
    [...analyses],
    newTexts(
      [...edits].map(([file, list]) => ({
        file,
        edits: list.toSorted((a, b) => a.span.start - b.span.start),
      })),
      textOf,
    ),
    fixes.flatMap(({ fix }) => policiesOf(fix.finding, fix.fix)),
  )
}
