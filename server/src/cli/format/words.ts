import { LEVELS, type Level } from '@istio-ambient-policy/shared'
import type { CheckSummary, ReportedFinding } from '../checkReport.js'

/** `1 error`, `2 warnings`, `3 information`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 || noun === 'information' ? '' : 's'}`
}

/** `6 objects in 2 files`. */
export function readInWords({ objects, files }: CheckSummary): string {
  return `${counted(objects, 'object')} in ${counted(files, 'file')}`
}

/** `1 error, 2 warnings`; empty without findings. `show` can add a style to each part. */
export function levelsInWords(
  counts: Readonly<Record<Level, number>>,
  show: (level: Level, text: string) => string = (_, text) => text,
): string {
  return LEVELS.filter((level) => counts[level] > 0)
    .map((level) => show(level, counted(counts[level], level)))
    .join(', ')
}

/** The number of findings of each level. */
export function countLevels(findings: readonly ReportedFinding[]): Readonly<Record<Level, number>> {
  const of = (level: Level): number => findings.filter((finding) => finding.level === level).length
  return {
    error: of('error'),
    warning: of('warning'),
    information: of('information'),
    hint: of('hint'),
  }
}

/** The related facts, assumptions and fixes of a finding, one line each, without markup. */
export function detailsOf({ related, assumptions, fixes }: ReportedFinding): string[] {
  return [
    ...related.map(
      ({ file, range, message }) =>
        `see: ${file}:${range.start.line + 1}:${range.start.character + 1} ${message}`,
    ),
    ...assumptions.map((assumption) => `assumption: ${assumption}`),
    ...fixes.map(({ title }) => `fix: ${title}`),
  ]
}
