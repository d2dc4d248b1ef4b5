import {
  printable,
  INTERNAL_ERROR,
  meshFindings,
  proveFix,
  provenFix,
  refactorings,
  renderEdits,
  SERVER_COMMANDS,
  SETTINGS_FILE,
  sourceLookupOf,
  type Analysis,
  type FileEdit,
  type Fix,
  type FixProof,
  type MeshFinding,
  type Range,
  PRODUCT_NAME,
} from '@istio-ambient-policy/shared'
import type { CodeAction, CodeActionParams, Connection, Diagnostic } from 'vscode-languageserver'
import { toDiagnostic } from '../convert/toDiagnostic.js'
import { fileOfUri } from '../convert/uris.js'
import { toWorkspaceEdit } from '../convert/toWorkspaceEdit.js'
import { CodeActionKind } from '../lsp.js'
import { missingTestActions, missingTestActionsIn } from './addMissingTest.js'
import { FIX_ALL } from './capabilities.js'
import { effectData, effectsInWords } from './fixEffects.js'
import { ignoreHere } from './ignoreHere.js'
import { objectAt } from './objectAt.js'
import { requestHandler, type RequestedFile, type ServerContext } from './serverContext.js'

/**
 * `textDocument/codeAction`: fixes of the findings in a range, *Ignore here*, *Explain*, and all safe fixes of a
 * file. Also *Add the missing test*, after a search for missing tests.
 */
export function registerCodeActions(connection: Connection, context: ServerContext): void {
  const answer = requestHandler<CodeActionParams, CodeAction[]>(
    context,
    'code action',
    (requested, { range, context: { only } }) => {
      const action = { ...requested, context }
      return [
        ...(isWanted(only, CodeActionKind.QuickFix)
          ? [
              ...quickFixes(range, action),
              ...missingTestActions(context, requested.file, (place) => touches(place, range)),
            ]
          : []),
        ...(isWanted(only, CodeActionKind.RefactorRewrite) ? refactorActions(range, action) : []),
        // Only on request: an editor asks for quick fixes with each move of the cursor.
        ...(only !== undefined && isWanted(only, FIX_ALL) ? fixAll(action) : []),
      ]
    },
    (file, { context: { only } }) =>
      isWanted(only, CodeActionKind.QuickFix) ? missingTestActionsIn(context, file) : [],
  )
  connection.onCodeAction(async (params, token) => {
    // The published findings can be those of the last start. Fixes are made of the present files only.
    await context.workspaces.whenRead(fileOfUri(params.textDocument.uri))
    return answer(params, token)
  })
}

interface ActionContext extends RequestedFile {
  readonly context: ServerContext
}

interface ProvenFix {
  readonly fix: Fix
  readonly edits: readonly FileEdit[]
  readonly proof: FixProof | undefined
}

/** The fixes of a finding that can be made, with what they open. Those that open less are first. */
function provenFixes(located: MeshFinding, context: ServerContext): ProvenFix[] {
  const { sources, workspaces } = context
  return located.finding.fixes
    .flatMap((fix): ProvenFix[] => {
      const edits = renderFix(fix, located, context)
      if (!edits || edits.length === 0) return []
      const analyses = new Set(edits.flatMap(({ file }) => workspaces.analysesOf(file)))
      const { finding } = located
      const proof = proveFix([...analyses], { finding, fix }, edits, (file) => sources.text(file))
      return [{ fix: provenFix(fix, proof), edits, proof }]
    })
    .sort((a, b) => (a.proof?.opens.length ?? 0) - (b.proof?.opens.length ?? 0))
}

function renderFix(
  fix: Fix,
  { analysis, finding }: MeshFinding,
  context: ServerContext,
): readonly FileEdit[] | undefined {
  const { place } = finding
  const file = place.kind === 'field' ? place.resource.origin.file : place.file
  return render(fix, { analysis, file, context })
}

function render(
  fix: Fix,
  {
    analysis,
    file,
    context,
  }: { readonly analysis: Analysis; readonly file: string; readonly context: ServerContext },
): readonly FileEdit[] | undefined {
  const { sources } = context
  const settingsFile = settingsFileFor(file, context)
  return renderEdits(
    fix.edits,
    sourceLookupOf(analysis, (file) => sources.text(file), settingsFile),
  )
}

/** The settings file of the folder of a file; undefined if it does not exist and the client cannot create it. */
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

/** The fixes of more findings are not made: a cursor is at a few, and each fix is proved. */
const MOST_FINDINGS = 50
/** The file is read again for each proof, so that a long file has the fixes of fewer findings. */
const LEAST_FINDINGS = 5
const MOST_CHARACTERS = 2_000_000

function quickFixes(range: Range, action: ActionContext): CodeAction[] {
  const { analyses, file, context } = action
  const { length } = context.sources.text(file) ?? ''
  const most = Math.min(MOST_FINDINGS, Math.floor(MOST_CHARACTERS / Math.max(1, length)))
  const findings = meshFindings(analyses, file)
    .filter((finding) => touches(finding.range, range))
    .slice(0, Math.max(LEAST_FINDINGS, most))
  const diagnosed = findings.map((located) => ({
    located,
    diagnostic: toDiagnostic(located, context.diagnostics),
  }))
  const fixes = new Map<string, CodeAction & { diagnostics: Diagnostic[] }>()
  for (const { located, diagnostic } of diagnosed) {
    for (const { fix, edits, proof } of provenFixes(located, context)) {
      const key = JSON.stringify([fix.title, edits])
      const known = fixes.get(key)
      if (known) known.diagnostics.push(diagnostic)
      else
        fixes.set(key, {
          title: printable(fix.title),
          kind: CodeActionKind.QuickFix,
          isPreferred: fix.preferred,
          diagnostics: [diagnostic],
          edit: toWorkspaceEdit(fix.title, edits, context.edits, effectsInWords(proof)),
          ...(proof ? { data: effectData(proof) } : {}),
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

/** Changes of an object that are no fixes, and the same fix at all places of a file. */
function refactorActions(range: Range, action: ActionContext): CodeAction[] {
  const { analysis, file, context } = action
  const found = objectAt(analysis, file, range.start)
  const changes = found ? refactorings(analysis.mesh, found.resource, found.path) : []
  return [...changes, ...newerVersions(range, action)].flatMap((fix): CodeAction[] => {
    const edits = render(fix, { analysis, file, context })
    return edits && edits.length > 0
      ? [
          {
            title: fix.title,
            kind: CodeActionKind.RefactorRewrite,
            edit: toWorkspaceEdit(fix.title, edits, context.edits),
          },
        ]
      : []
  })
}

/** Changes all deprecated API versions of a file, if there are several and the cursor is at one of them. */
function newerVersions(range: Range, { analysis, file }: ActionContext): Fix[] {
  const deprecated = meshFindings([analysis], file).filter(
    ({ finding }) => finding.rule === DEPRECATED_VERSION,
  )
  if (deprecated.length < 2 || !deprecated.some((finding) => touches(finding.range, range)))
    return []
  const edits = deprecated.flatMap(({ finding }) => finding.fixes[0]?.edits ?? [])
  return [
    {
      title: `Change all ${deprecated.length} deprecated API versions in this file`,
      preferred: false,
      safe: true,
      edits,
    },
  ]
}

const DEPRECATED_VERSION = 'deprecated-api-version'

function ignore(
  { finding, range }: MeshFinding,
  diagnostic: Diagnostic,
  { file, context }: ActionContext,
): CodeAction[] {
  const text = context.sources.text(file)
  if (text === undefined || NEVER_IGNORED.has(finding.rule)) return []
  const title = `Ignore ${finding.rule} here`
  const edit = ignoreHere(
    { file, text },
    { rule: finding.rule, range, title },
    { ...context.edits, snippetEdits: context.client.snippetEdits },
  )
  return edit ? [{ title, kind: CodeActionKind.QuickFix, diagnostics: [diagnostic], edit }] : []
}

/** A comment in YAML that cannot be read ignores nothing. */
const NEVER_IGNORED: ReadonlySet<string> = new Set([INTERNAL_ERROR, 'yaml-syntax'])

function explain(
  { finding }: MeshFinding,
  diagnostic: Diagnostic,
  { client }: ServerContext,
): CodeAction[] {
  if (finding.rule === INTERNAL_ERROR) return []
  const title = `Explain ${finding.rule}`
  return [
    {
      title,
      kind: CodeActionKind.QuickFix,
      diagnostics: [diagnostic],
      command: {
        title,
        command: client.openRuleCommand ?? SERVER_COMMANDS.explainRule,
        arguments: [finding.rule],
      },
    },
  ]
}

/** All safe fixes of a file, as `check --fix` applies them. */
function fixAll({ file, context }: ActionContext): CodeAction[] {
  const folder = context.workspaces.folderOf(file)
  const edits = folder?.ready === true ? folder.safeFixEdits(file) : []
  if (edits.length === 0) return []
  const title = `Fix all safe problems of ${PRODUCT_NAME}`
  return [{ title, kind: FIX_ALL, edit: toWorkspaceEdit(title, [{ file, edits }], context.edits) }]
}

/** Whether a kind is requested. Kinds are hierarchical: `source` includes `source.fixAll.istioAmbientPolicy`. */
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
