import { isAssumedApplied, type FileFacts } from '../resources/fileFacts.js'
import { fileName } from '../resources/paths.js'
import { withChanges, type Finding } from '../rules/finding.js'
import type { AnalysisOptions } from './analysisOptions.js'

/**
 * A finding about a file that no kustomization lists assumes that the file is applied, and one about a file that Flux
 * or Argo CD patches assumes that the patches change nothing in it.
 */
export function withAssumedFiles(finding: Finding, files: ReadonlyMap<string, FileFacts>): Finding {
  const places = [finding.place, ...finding.related.map(({ place }) => place)]
  const assumptions = new Set(
    places.flatMap((place) => {
      const facts = files.get(place.kind === 'field' ? place.resource.origin.file : place.file)
      return facts ? assumptionsOf(facts) : []
    }),
  )
  return assumptions.size === 0
    ? finding
    : withChanges(finding, {
        level: finding.level === 'error' ? 'warning' : finding.level,
        assumptions: [...finding.assumptions, ...assumptions],
      })
}

function assumptionsOf(facts: FileFacts): string[] {
  const name = `"${fileName(facts.file)}"`
  return [
    ...(isAssumedApplied(facts) ? [`${name} is applied, although no kustomization lists it`] : []),
    ...(facts.context.isChangedByDelivery
      ? [`patches and components of Flux or Argo CD change nothing in ${name}`]
      : []),
  ]
}

/**
 * A finding with the level of the settings; none if it is `off`. A finding that depends on an
 * assumption is never an error.
 */
export function withLevel(finding: Finding, levels: AnalysisOptions['levels']): Finding[] {
  const level = levels[finding.rule]
  if (level === 'off') return []
  if (level === undefined || level === finding.level) return [finding]
  return [
    withChanges(finding, {
      level: finding.assumptions.length > 0 && level === 'error' ? 'warning' : level,
    }),
  ]
}
