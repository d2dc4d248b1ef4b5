import type { Finding } from '../rules/finding.js'
import type { Fix } from '../rules/fix.js'
import type { Analysis } from '../analysis/analysis.js'
import { sourceLookupOf } from '../analysis/sourceLookup.js'
import { renderEdits } from '../analysis/renderEdits.js'
import { qualifiedName } from '../resources/resource.js'
import { applyTextEdits } from '../yaml/edit/textEdit.js'
import { analyse, findingsOf, type AnalyseOptions, type Files } from './checkFiles.js'

/** The fix to apply: the first one with this title among the findings of a rule. */
export interface FixChoice extends AnalyseOptions {
  readonly rule: string
  readonly title: string
  /**
   * Only findings about this object (`shop/allow-get` or `allow-get`) or, for findings about text,
   * in this file.
   */
  readonly about?: string
}

/**
 * The files after one fix was applied. A single text is the file `test.yaml`.
 *
 * @throws if there is no such finding or fix (the message lists what there is), or if the fix
 * cannot be applied safely.
 */
export function applyFix(files: Files | string, choice: FixChoice): Files {
  const given: Files = typeof files === 'string' ? { 'test.yaml': files } : files
  const analysis = analyse(given, choice)
  return apply(given, analysis, choose(analysis, choice).fix)
}

/**
 * Applies a fix as `applyFix` does and proves that it is one: the finding is gone — its rule finds
 * less about that object than before — and no object has an error that it had not before.
 *
 * ```ts
 * expectFixed(l7AllowRuleDroppedPage.bad, { rule: l7AllowRuleDropped.name, title: 'Remove the HTTP attribute' }, golden)
 * ```
 *
 * @param golden what the files must be afterwards, to the byte: the text of `test.yaml`, or the
 * files that the fix changes. Leave it out to prove the fix only.
 * @returns the files after the fix.
 * @throws with the new text and what is wrong with it.
 */
export function expectFixed(
  files: Files | string,
  choice: FixChoice,
  golden?: Files | string,
): Files {
  const given: Files = typeof files === 'string' ? { 'test.yaml': files } : files
  const before = analyse(given, choice)
  const { finding, fix } = choose(before, choice)
  const fixed = apply(given, before, fix)
  const after = analyse(fixed, choice)
  const id = identityOf(finding)
  const count = (analysis: Analysis): number =>
    findingsOf(analysis).filter((other) => identityOf(other) === id).length
  const errorsBefore = new Set(errorsOf(before).map(identityOf))
  const worse = errorsOf(after).filter((error) => !errorsBefore.has(identityOf(error)))
  const mistakes = [
    ...(count(after) < count(before) ? [] : [`The finding is still there: ${id}.`]),
    ...worse.map((error) => `There is a new error: ${identityOf(error)}: ${error.message}`),
    ...Object.entries(typeof golden === 'string' ? { 'test.yaml': golden } : (golden ?? {}))
      .filter(([file, text]) => fixed[file] !== text)
      .map(([file, text]) => `${file} should be\n${text}`),
  ]
  if (mistakes.length > 0)
    throw new Error(`After "${choice.title}":\n${mistakes.join('\n')}\n${show(given, fixed)}`)
  return fixed
}

function choose(
  analysis: Analysis,
  { rule, title, about }: FixChoice,
): { readonly finding: Finding; readonly fix: Fix } {
  const findings = findingsOf(analysis)
  const candidates = findings.filter(
    (finding) => finding.rule === rule && (about === undefined || namesOf(finding).includes(about)),
  )
  for (const finding of candidates) {
    const fix = finding.fixes.find((candidate) => candidate.title === title)
    if (fix) return { finding, fix }
  }
  const seen =
    candidates.length > 0
      ? candidates.flatMap(({ fixes }) => fixes.map((fix) => `fix "${fix.title}"`))
      : findings.map((finding) => `finding ${identityOf(finding)}`)
  throw new Error(
    `No fix "${title}" of a finding of ${rule}${about === undefined ? '' : ` about ${about}`}. There is: ${seen.length > 0 ? seen.join(', ') : 'nothing'}.`,
  )
}

function apply(files: Files, analysis: Analysis, fix: Fix): Files {
  const edits = renderEdits(
    fix.edits,
    sourceLookupOf(analysis, (file) => files[file]),
  )
  if (!edits)
    throw new Error(
      `The fix "${fix.title}" cannot be applied safely: ${fix.edits.map(describeEdit).join(', ')}.`,
    )
  return {
    ...files,
    ...Object.fromEntries(
      edits.map(({ file, edits: changes }) => [file, applyTextEdits(files[file] ?? '', changes)]),
    ),
  }
}

function describeEdit(edit: Fix['edits'][number]): string {
  if (edit.op === 'delete-lines') return `delete-lines in ${edit.file}`
  if (edit.op === 'setting') return `setting ${edit.key}`
  const resource = edit.op === 'add' ? edit.after : edit.resource
  return `${edit.op} ${resource.type} ${qualifiedName(resource)}${edit.op === 'add' ? '' : ` ${edit.path.join('.')}`}`
}

/** The rule and the object of a finding: a fix does not change these. */
function identityOf({ rule, place }: Finding): string {
  return `${rule} about ${place.kind === 'field' ? `${place.resource.type} ${qualifiedName(place.resource)}` : place.file}`
}

function namesOf({ place }: Finding): string[] {
  return place.kind === 'field'
    ? [qualifiedName(place.resource), place.resource.name]
    : [place.file]
}

function errorsOf(analysis: Analysis): Finding[] {
  return findingsOf(analysis).filter(({ level }) => level === 'error')
}

function show(before: Files, after: Files): string {
  return Object.entries(after)
    .filter(([file, text]) => before[file] !== text)
    .map(([file, text]) => `--- ${file} is\n${text}`)
    .join('\n')
}
