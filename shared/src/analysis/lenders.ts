import type { MeshRoot } from './meshRoots.js'

/**
 * For the folder of an overlay, the folder of an overlay before it that includes most of the same
 * files, see `ObjectFindings`. A lender has no lender itself.
 */
export function lendersOf(roots: readonly MeshRoot[]): ReadonlyMap<string, string> {
  const lenders = new Map<string, string>()
  /** The lender that includes a file: the first of several. */
  const byFile = new Map<string, string>()
  for (const { folder, files } of roots) {
    if (!files) continue
    const counts = new Map<string, number>()
    for (const file of files) {
      const other = byFile.get(file)
      if (other !== undefined) counts.set(other, (counts.get(other) ?? 0) + 1)
    }
    const [lender, count] = [...counts].reduce(
      (most, next) => (next[1] > most[1] ? next : most),
      ['', 0],
    )
    if (count * 2 > files.size) lenders.set(folder, lender)
    else for (const file of files) if (!byFile.has(file)) byFile.set(file, folder)
  }
  return lenders
}
