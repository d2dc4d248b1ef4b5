import type { FileDocument } from '../resources/fileFacts.js'
import type { Finding } from '../rules/finding.js'
import { FOREIGN_ANALYSERS } from '../rules/yaml/foreignSuppressions.js'

/** Whether a document has ignore comments, or annotations that ignore findings. */
export function mayHideFindings({ facts }: FileDocument): boolean {
  return (
    facts.suppressions.length > 0 ||
    facts.resources.some(({ annotations }) =>
      FOREIGN_ANALYSERS.some(({ annotation }) => annotations?.[annotation] !== undefined),
    )
  )
}

/** The findings that are not among others. */
export function without(findings: readonly Finding[], kept: readonly Finding[]): Finding[] {
  const remaining = new Set(kept)
  return findings.filter((finding) => !remaining.has(finding))
}
