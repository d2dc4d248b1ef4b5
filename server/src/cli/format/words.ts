import { LEVELS, type Level } from '@istio-ambient-policy/shared'
import type { CheckSummary, ReportedFinding } from '../checkReport.js'

/** `1 error`, `2 warnings`, `3 information`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 || noun === 'information' ? '' : 's'}`
}

/** `6 objects in 2 files`. `hint` follows the files that are not read in full. */
export function readInWords(summary: CheckSummary, hint = ''): string {
  const { objects, files } = summary
  return `${counted(objects, 'object')} in ${counted(files, 'file')}${hiddenInWords(summary, hint)}`
}

/** `; 1 file not read in full, 2 rules off, 1 finding ignored`; empty if nothing is hidden. */
export function hiddenInWords({ notRead, rulesOff, ignored }: CheckSummary, hint = ''): string {
  const parts = [
    ...(notRead > 0 ? [`${counted(notRead, 'file')} not read in full${hint}`] : []),
    ...(rulesOff > 0 ? [`${counted(rulesOff, 'rule')} off`] : []),
    ...(ignored > 0 ? [`${counted(ignored, 'finding')} ignored`] : []),
  ]
  return parts.length === 0 ? '' : `; ${parts.join(', ')}`
}

/** Whether the range of a finding is in its file, and not only in the rendered text of a template. */
export function isLineKnown({ rendered }: Pick<ReportedFinding, 'rendered'>): boolean {
  return rendered?.lineKnown !== false
}

/** `a.yaml:3:5`, or `chart/templates/a.yaml (<stdin>:3:5)` if the line of the template is not known. */
export function positionInWords({
  file,
  range: { start },
  rendered,
}: Pick<ReportedFinding, 'file' | 'range' | 'rendered'>): string {
  const position = `${start.line + 1}:${start.character + 1}`
  return rendered?.lineKnown === false
    ? `${file} (${rendered.file}:${position})`
    : `${file}:${position}`
}

/** Where the rendered text has the finding. */
function renderedInWords({ rendered }: ReportedFinding): string[] {
  if (!rendered) return []
  const { line, character } = rendered.range.start
  const position = `rendered: ${rendered.file}:${line + 1}:${character + 1}`
  return [rendered.lineKnown ? position : `${position} (the line of the template is not known)`]
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
export function detailsOf(finding: ReportedFinding): string[] {
  const { related, assumptions, fixes } = finding
  return [
    ...renderedInWords(finding),
    ...related.map((fact) => `see: ${positionInWords(fact)} ${fact.message}`),
    ...assumptions.map((assumption) => `assumption: ${assumption}`),
    ...fixes.map(({ title }) => `fix: ${title}`),
  ]
}
