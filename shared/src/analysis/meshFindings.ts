import type { Analysis } from './analysis.js'
import { findingKey, type LocatedFinding } from './findingLocator.js'
import { mustHoldInEveryMesh } from './suppress.js'

/** A finding with its place in a file, and the mesh that has it. */
export interface MeshFinding extends LocatedFinding {
  readonly file: string
  readonly analysis: Analysis
}

/**
 * The findings of a file in all its meshes. A finding that several meshes have in the same words is there once, with
 * the first of these meshes. An unused ignore comment is a finding only if all meshes of the file have it.
 */
export function meshFindings(analyses: readonly Analysis[], file: string): MeshFinding[] {
  const found = new Map<string, MeshFinding & { meshes: number }>()
  for (const analysis of analyses) {
    for (const placed of analysis.locatedFindingsOf(file)) {
      const key = findingKey(placed.finding, placed.range)
      const known = found.get(key)
      if (known) known.meshes++
      else found.set(key, { ...placed, file, analysis, meshes: 1 })
    }
  }
  const meshes = analyses.filter(({ files }) => files.has(file)).length
  return [...found.values()].filter(
    (each) => each.meshes >= meshes || !mustHoldInEveryMesh(each.finding),
  )
}

/**
 * The number of findings in a file that ignore comments or annotations hide. A finding that several meshes have in the
 * same words counts once.
 */
export function countHiddenFindings(analyses: readonly Analysis[], file: string): number {
  const keys = analyses.flatMap((analysis) =>
    analysis.hiddenFindingsOf(file).flatMap((finding) => {
      const location = analysis.locate(finding.place)
      return location ? [findingKey(finding, location.range)] : []
    }),
  )
  return new Set(keys).size
}

/** The same without the meshes. For a file of one mesh, these are the cached values of its analysis. */
export function locatedFindings(
  analyses: readonly Analysis[],
  file: string,
): readonly LocatedFinding[] {
  const [only, ...others] = analyses
  return only && others.length === 0 ? only.locatedFindingsOf(file) : meshFindings(analyses, file)
}
