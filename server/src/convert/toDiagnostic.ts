import { mustHoldInEveryMesh, type Analysis, type Finding, type Level, type Range } from '@istio-ambient-policy/shared'
import { DiagnosticSeverity, DiagnosticTag, type Diagnostic, type DiagnosticRelatedInformation } from 'vscode-languageserver'

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
  // By line: what stands on one and the same place is one of few.
  const found = new Map<number, Counted[]>()
  const all: Counted[] = []
  for (const analysis of analyses) {
    for (const finding of analysis.findingsOf(file)) {
      const place = analysis.locate(finding.place)
      if (!place) continue
      const { range } = place
      const sameLine = found.get(range.start.line)
      const same = sameLine?.find((other) => isSaidThere(other, finding, range))
      if (same) {
        same.times++
        continue
      }
      const counted = { finding, analysis, range, times: 1 }
      all.push(counted)
      if (sameLine) sameLine.push(counted)
      else found.set(range.start.line, [counted])
    }
  }
  const meshes = analyses.filter(({ files }) => files.has(file)).length
  return all.filter(({ finding, times }) => times >= meshes || !mustHoldInEveryMesh(finding))
}

interface Counted extends LocatedFinding {
  /** How many meshes say it. */
  times: number
}

function isSaidThere(other: LocatedFinding, { rule, message }: Finding, range: Range): boolean {
  return other.finding.rule === rule && other.finding.message === message && isSameRange(other.range, range)
}

export function isSameRange(a: Range, b: Range): boolean {
  return a.start.line === b.start.line && a.start.character === b.start.character && a.end.line === b.end.line && a.end.character === b.end.character
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
