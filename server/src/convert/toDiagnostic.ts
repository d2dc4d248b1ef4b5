import {
  findingKey,
  mustHoldInEveryMesh,
  type Analysis,
  type Finding,
  type Level,
  type PlacedFinding,
} from '@istio-ambient-policy/shared'
import type { Diagnostic, DiagnosticRelatedInformation } from 'vscode-languageserver'
import { DiagnosticSeverity, DiagnosticTag } from '../lsp.js'

export const SOURCE = 'istio-ambient-policy'

const SEVERITIES: Readonly<Record<Level, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
}

const TAGS = {
  unnecessary: DiagnosticTag.Unnecessary,
  deprecated: DiagnosticTag.Deprecated,
} as const

/** What turning a finding into a diagnostic needs beside the finding. */
export interface DiagnosticContext {
  /** The URI under which the client knows a file. */
  uriOf(file: string): string
  /** Where the page of a rule can be read; undefined where the client has no place for it. */
  pageOf(rule: string): string | undefined
}

/** A finding with its places, and the mesh in which it was found. */
export interface LocatedFinding extends PlacedFinding {
  readonly analysis: Analysis
}

/** The findings of a file that have a place in its present text. What several meshes say of the file in the same words is said once. */
export function locateFindings(analyses: readonly Analysis[], file: string): LocatedFinding[] {
  const located = new Map<string, LocatedFinding & { times: number }>()
  for (const analysis of analyses) {
    for (const placed of analysis.placedFindingsOf(file)) {
      const key = findingKey(placed.finding, placed.range)
      const same = located.get(key)
      if (same) same.times++
      else located.set(key, { ...placed, analysis, times: 1 })
    }
  }
  const meshes = analyses.filter(({ files }) => files.has(file)).length
  return [...located.values()].filter(
    ({ finding, times }) => times >= meshes || !mustHoldInEveryMesh(finding),
  )
}

/** The same for whoever does not ask for the mesh: of a file of one mesh the very values that its analysis keeps. */
export function placedFindings(
  analyses: readonly Analysis[],
  file: string,
): readonly PlacedFinding[] {
  const [only, ...others] = analyses
  return only && others.length === 0 ? only.placedFindingsOf(file) : locateFindings(analyses, file)
}

/** The one place where a finding becomes a diagnostic. */
export function toDiagnostic(
  { finding, range, related: pointed }: PlacedFinding,
  context: DiagnosticContext,
): Diagnostic {
  const href = context.pageOf(finding.rule)
  const related = pointed.map((each): DiagnosticRelatedInformation => ({
    location: { uri: context.uriOf(each.file), range: each.range },
    message: each.message,
  }))
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
