import type { PlacedDocument } from '../resources/readFile.js'
import type { Range } from '../text/lineIndex.js'
import type { Finding, Place } from './finding.js'

/** The findings that no comment of their document suppresses. */
export function applySuppressions(findings: readonly Finding[], document: PlacedDocument, rangeOf: (place: Place) => Range | undefined): Finding[] {
  const { suppressions } = document.facts
  if (suppressions.length === 0) return [...findings]
  return findings.filter((finding) => {
    const line = rangeOf(finding.place)?.start.line
    return !suppressions.some((suppression) => {
      if (!suppression.rules.includes(finding.rule)) return false
      return suppression.line === undefined || (line !== undefined && suppression.line + document.line === line)
    })
  })
}
