import { mustHoldInEveryMesh, type Analysis, type Finding, type Level, type Range } from '@istio-ambient-policy/shared'
import type { Diagnostic, DiagnosticRelatedInformation } from 'vscode-languageserver'
import { DiagnosticSeverity, DiagnosticTag } from '../lsp.js'

export const SOURCE = 'istio-ambient-policy'

const SEVERITIES: Readonly<Record<Level, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
}

const TAGS = { unnecessary: DiagnosticTag.Unnecessary, deprecated: DiagnosticTag.Deprecated } as const

/** What turning a finding into a diagnostic needs beside the finding. */
export interface DiagnosticContext {
  /** The URI under which the client knows a file. */
  uriOf(file: string): string
  /** Where the page of a rule can be read; undefined where the client has no place for it. */
  pageOf(rule: string): string | undefined
}

/** A finding with the range on which it stands now. */
export interface LocatedFinding {
  readonly finding: Finding
  /** The mesh in which it was found. */
  readonly analysis: Analysis
  readonly range: Range
}

/** The findings of a file that have a place in its present text. What several meshes say of the file in the same words is said once. */
export function locateFindings(analyses: readonly Analysis[], file: string): LocatedFinding[] {
  const found = new Map<string, LocatedFinding & { readonly times: number }>()
  for (const analysis of analyses) {
    for (const finding of analysis.findingsOf(file)) {
      const place = analysis.locate(finding.place)
      const key = JSON.stringify([finding.rule, finding.message, place?.range])
      const before = found.get(key)
      if (place) found.set(key, before ? { ...before, times: before.times + 1 } : { finding, analysis, range: place.range, times: 1 })
    }
  }
  const meshes = analyses.filter(({ files }) => files.has(file)).length
  return [...found.values()].filter(({ finding, times }) => times >= meshes || !mustHoldInEveryMesh(finding)).map(({ finding, analysis, range }) => ({ finding, analysis, range }))
}

/** The one place where a finding becomes a diagnostic. */
export function toDiagnostic({ finding, analysis, range }: LocatedFinding, context: DiagnosticContext): Diagnostic {
  const href = context.pageOf(finding.rule)
  const related = finding.related.flatMap(({ place, message }): DiagnosticRelatedInformation[] => {
    const located = analysis.locate(place)
    return located ? [{ location: { uri: context.uriOf(located.file), range: located.range }, message }] : []
  })
  return {
    range,
    severity: SEVERITIES[finding.level],
    code: finding.rule,
    ...(href === undefined ? {} : { codeDescription: { href } }),
    source: SOURCE,
    message: messageOf(finding),
    ...(finding.tag ? { tags: [TAGS[finding.tag]] } : {}),
    ...(related.length > 0 ? { relatedInformation: related } : {}),
  }
}

function messageOf({ message, assumptions }: Finding): string {
  return assumptions.length === 0 ? message : `${message} (assumes that ${assumptions.join('; ')})`
}
