import {
  sourceLookupOf,
  INTERNAL_ERROR,
  renderEdits,
  SETTINGS_FILE,
  type FileEdit,
  type Fix,
  type Range,
} from '@istio-ambient-policy/shared'
import type { CodeAction, CodeActionParams, Connection, Diagnostic } from 'vscode-languageserver'
import { locateFindings, toDiagnostic, type LocatedFinding } from '../convert/toDiagnostic.js'
import { toWorkspaceEdit } from '../convert/toWorkspaceEdit.js'
import { CodeActionKind } from '../lsp.js'
import { FIX_ALL } from './capabilities.js'
import { ignoreHere } from './ignoreHere.js'
import { answering, type RequestedFile, type ServerContext } from './serverContext.js'

/** `textDocument/codeAction`: the fixes of what was found at a range, *Ignore here*, *Explain*, and all safe fixes of a file at once. */
export function registerCodeActions(connection: Connection, context: ServerContext): void {
  connection.onCodeAction(
    answering<CodeActionParams, CodeAction[]>(
      context,
      'code action',
      (requested, { range, context: { only } }) => {
        const findings = locateFindings(requested.analyses, requested.file)
        const action = { ...requested, context }
        return [
          ...(isWanted(only, CodeActionKind.QuickFix)
            ? quickFixes(
                findings.filter((finding) => touches(finding.range, range)),
                action,
              )
            : []),
          // Asked for by name only: it renders every fix of the file.
          ...(only !== undefined && isWanted(only, FIX_ALL) ? fixAll(findings, action) : []),
        ]
      },
    ),
  )
}

interface ActionContext extends RequestedFile {
  readonly context: ServerContext
}

function render(
  fix: Fix,
  { analysis, finding }: LocatedFinding,
  context: ServerContext,
): readonly FileEdit[] | undefined {
  const { sources } = context
  const { place } = finding
  const settingsFile = settingsFileFor(
    place.kind === 'field' ? place.resource.origin.file : place.file,
    context,
  )
  return renderEdits(
    fix.edits,
    sourceLookupOf(analysis, (file) => sources.text(file), settingsFile),
  )
}

/** The settings file of the folder that a file lies in, where the client can write one. */
function settingsFileFor(
  file: string,
  { workspaces, sources, client }: ServerContext,
): string | undefined {
  const folder = workspaces.folderOf(file)?.folder
  if (folder === undefined || folder === file) return undefined
  const settingsFile = `${folder}/${SETTINGS_FILE}`
  return sources.text(settingsFile) !== undefined || (client.createsFiles && client.documentChanges)
    ? settingsFile
    : undefined
}

function quickFixes(findings: readonly LocatedFinding[], action: ActionContext): CodeAction[] {
  const { context } = action
  const diagnosed = findings.map((located) => ({
    located,
    diagnostic: toDiagnostic(located, context.diagnostics),
  }))
  const fixes = new Map<string, CodeAction & { diagnostics: Diagnostic[] }>()
  for (const { located, diagnostic } of diagnosed) {
    for (const fix of located.finding.fixes) {
      const edits = render(fix, located, context)
      if (!edits || edits.length === 0) continue
      const key = JSON.stringify([fix.title, edits])
      const known = fixes.get(key)
      if (known) known.diagnostics.push(diagnostic)
      else
        fixes.set(key, {
          title: fix.title,
          kind: CodeActionKind.QuickFix,
          isPreferred: fix.preferred,
          diagnostics: [diagnostic],
          edit: editOf(fix, edits, context),
        })
    }
  }
  return [
    ...fixes.values(),
    ...diagnosed.flatMap(({ located, diagnostic }) => [
      ...ignore(located, diagnostic, action),
      ...explain(located, diagnostic, context),
    ]),
  ]
}

function ignore(
  { finding, range }: LocatedFinding,
  diagnostic: Diagnostic,
  { file, context }: ActionContext,
): CodeAction[] {
  const text = context.sources.text(file)
  const edit =
    text === undefined || finding.rule === INTERNAL_ERROR
      ? undefined
      : ignoreHere({ file, text }, finding.rule, range)
  if (!edit) return []
  const title = `Ignore ${finding.rule} here`
  return [
    {
      title,
      kind: CodeActionKind.QuickFix,
      diagnostics: [diagnostic],
      edit: toWorkspaceEdit(title, [edit], context.edits),
    },
  ]
}

function explain(
  { finding }: LocatedFinding,
  diagnostic: Diagnostic,
  { client }: ServerContext,
): CodeAction[] {
  if (client.openRuleCommand === undefined || finding.rule === INTERNAL_ERROR) return []
  const title = `Explain ${finding.rule}`
  return [
    {
      title,
      kind: CodeActionKind.QuickFix,
      diagnostics: [diagnostic],
      command: { title, command: client.openRuleCommand, arguments: [finding.rule] },
    },
  ]
}

/** The safe fixes of one file that do not get into each other's way. What is left is offered by the next run. */
function fixAll(
  findings: readonly LocatedFinding[],
  { file, context }: ActionContext,
): CodeAction[] {
  const chosen: FileEdit['edits'][number][] = []
  for (const located of findings) {
    const fix = located.finding.fixes.find(({ safe }) => safe)
    const [edit, ...others] = (fix && render(fix, located, context)) ?? []
    if (edit?.file !== file || others.length > 0) continue
    const apart = edit.edits.every(({ span }) =>
      chosen.every((other) => span.end < other.span.start || span.start > other.span.end),
    )
    if (apart) chosen.push(...edit.edits)
  }
  if (chosen.length === 0) return []
  const title = 'Apply all safe fixes of Istio Ambient Policy'
  const edits = chosen.sort((a, b) => a.span.start - b.span.start)
  return [{ title, kind: FIX_ALL, edit: toWorkspaceEdit(title, [{ file, edits }], context.edits) }]
}

function editOf(fix: Fix, edits: readonly FileEdit[], { edits: editContext }: ServerContext) {
  return toWorkspaceEdit(fix.title, edits, editContext)
}

/** Kinds are trees: `source` asks for `source.fixAll.istioAmbientPolicy`. */
function isWanted(only: readonly string[] | undefined, kind: string): boolean {
  return (
    only?.some((wanted) => wanted === '' || kind === wanted || kind.startsWith(`${wanted}.`)) ??
    true
  )
}

function touches(a: Range, b: Range): boolean {
  return !isBefore(a.end, b.start) && !isBefore(b.end, a.start)
}

function isBefore(a: Range['start'], b: Range['start']): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character)
}
