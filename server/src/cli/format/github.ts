import { printable, type Level } from '@istio-ambient-policy/shared'
import type { CheckReport, ReportedFinding } from '../checkReport.js'
import { withoutHashCommands } from '../workflowCommands.js'
import { detailsOf, isLineKnown } from './words.js'

const COMMANDS: Readonly<Record<Level, string>> = {
  error: 'error',
  warning: 'warning',
  information: 'notice',
  hint: 'notice',
}

/**
 * Workflow commands, which GitHub shows as annotations in a pull request
 * (https://docs.github.com/actions/reference/workflow-commands-for-github-actions).
 */
export function formatGithub({ findings }: CheckReport): string {
  return findings.map((finding) => `${annotation(finding)}\n`).join('')
}

function annotation(finding: ReportedFinding): string {
  const {
    rule,
    level,
    message,
    file,
    range: { start, end },
  } = finding
  // GitHub supports columns only for ranges within one line.
  const columns =
    isLineKnown(finding) && start.line === end.line
      ? { col: start.character + 1, endColumn: end.character + 1 }
      : {}
  const lines = isLineKnown(finding) ? { line: start.line + 1, endLine: end.line + 1 } : {}
  const properties = { file, ...lines, ...columns, title: rule }
  return workflowCommand(COMMANDS[level], properties, [message, ...detailsOf(finding)].join('\n'))
}

/** A workflow command: `::warning file=a.yaml,line=1::text`. */
export function workflowCommand(
  command: string,
  properties: Readonly<Record<string, string | number | undefined>>,
  text: string,
): string {
  const written = Object.entries(properties)
    .flatMap(([name, value]) =>
      value === undefined ? [] : `${name}=${escapeProperty(String(value))}`,
    )
    .join(',')
  return `::${command} ${written}::${escapeData(text)}`
}

/** Escapes as in `actions/toolkit packages/core/src/command.ts`. */
function escapeData(text: string): string {
  return withoutHashCommands(text.replace(/[^\r\n]+/g, printable))
    .replaceAll('%', '%25')
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
