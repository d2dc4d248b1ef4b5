import { printable, type Level } from '@istio-ambient-policy/shared'
import type { Diagnostic, DiagnosticRelatedInformation } from 'vscode-languageserver'
import { DiagnosticSeverity, DiagnosticTag } from '../lsp.js'
import type { ShownFinding } from './shownFinding.js'

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

/** The addresses in a diagnostic. */
export interface DiagnosticContext {
  /** The URI of a file, as the client writes it. */
  uriOf(file: string): string
  /** The address of the page of a rule; undefined if the client cannot show it. */
  pageOf(rule: string): string | undefined
}

/** The diagnostic of a finding. */
export function toDiagnostic(
  { finding, range, related: facts }: ShownFinding,
  context: DiagnosticContext,
): Diagnostic {
  const href = context.pageOf(finding.rule)
  const related = facts.map(({ file, range: place, message }): DiagnosticRelatedInformation => ({
    location: { uri: context.uriOf(file), range: place },
    message: printable(message),
  }))
  return {
    range,
    severity: SEVERITIES[finding.level],
    code: finding.rule,
    ...(href === undefined ? {} : { codeDescription: { href } }),
    source: SOURCE,
    message: printable(messageOf(finding)),
    ...(finding.tag ? { tags: [TAGS[finding.tag]] } : {}),
    ...(related.length > 0 ? { relatedInformation: related } : {}),
  }
}

function messageOf({ message, assumptions }: ShownFinding['finding']): string {
  return assumptions.length === 0 ? message : `${message} (assuming ${assumptions.join('; ')})`
}
