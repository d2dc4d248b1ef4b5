import { MESH_VIEW_REQUEST, type MeshViewResult } from '@istio-ambient-policy/shared'
import {
  CodeAction,
  CodeActionKind,
  commands,
  type Diagnostic,
  Disposable,
  type ExtensionContext,
  l10n,
  languages,
  Range,
  type TextDocument,
  Uri,
  ViewColumn,
  window,
  workspace,
} from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'
import {
  EVALUATE_COMMAND,
  EVALUATE_SAMPLE_COMMAND,
  EXPLAIN_SAMPLE_COMMAND,
  FIX_MISTAKE_COMMAND,
  SHOW_CONNECTIONS_COMMAND,
  SHOW_MISTAKE_COMMAND,
  SHOW_SAMPLE_MATRIX_COMMAND,
} from './commandNames.js'
import { SHOWN_FINDINGS } from './mistakes.js'

/** Maximum time until the findings of the sample mesh are there. */
const FINDINGS_TIMEOUT_MILLISECONDS = 10_000
const FOCUS_CHECK_MILLISECONDS = 150
/** The editor has the focus when this many checks in a row find it there. */
const FOCUS_CHECKS = 2
/** The kind of the first policy, whose hover explains it. */
const POLICY_KIND = 'AuthorizationPolicy'
/** The namespace of the sample mesh whose matrix is shown. */
const SAMPLE_NAMESPACE = 'shop'
const MAX_FOCUS_CHECKS = 20
const FIX_ATTEMPTS = 4
const FIX_RETRY_MILLISECONDS = 500

/**
 * Registers the commands of the walkthrough. They work on the sample mesh, an untitled document: one command shows a
 * mistake, the other applies its fix and completes the step.
 */
export function registerSampleMesh(
  { extensionUri }: ExtensionContext,
  client: BaseLanguageClient,
): Disposable {
  let sample: TextDocument | undefined

  const openSample = async (): Promise<TextDocument> => {
    if (!sample || sample.isClosed) {
      const bytes = await workspace.fs.readFile(
        Uri.joinPath(extensionUri, 'client/media/walkthrough/sample-mesh.yaml'),
      )
      sample = await workspace.openTextDocument({
        language: 'yaml',
        content: new TextDecoder().decode(bytes),
      })
    }
    return sample
  }

  const show = async (
    rule: unknown,
  ): Promise<{ readonly document: TextDocument; readonly mistake: Diagnostic } | undefined> => {
    if (typeof rule !== 'string' || !Object.hasOwn(SHOWN_FINDINGS, rule)) return undefined
    const document = await openSample()
    const mistake = await findingOf(rule, document)
    await reveal(document, mistake && lineOf(mistake))
    if (mistake) return { document, mistake }
    void window.showInformationMessage(
      l10n.t(
        'The sample mesh does not have this mistake now. Do the steps in their order, or close the sample mesh and open it again.',
      ),
    )
    return undefined
  }

  return Disposable.from(
    commands.registerCommand(SHOW_MISTAKE_COMMAND, async (rule: unknown) => {
      // The cursor is at the start of the line, so the mistake is the next problem: its message and fixes are shown.
      const shown = await show(rule)
      if (!shown) return
      await commands.executeCommand('editor.action.marker.next')
      await pause(FOCUS_CHECK_MILLISECONDS)
      if (hasFocus(shown.document)) return
      await reveal(shown.document, lineOf(shown.mistake))
      await commands.executeCommand('editor.action.marker.next')
    }),
    commands.registerCommand(FIX_MISTAKE_COMMAND, async (rule: unknown) => {
      const shown = await show(rule)
      if (!shown) return
      const title = SHOWN_FINDINGS[String(rule)] ?? ''
      if (await applyFix(shown.document, shown.mistake, title))
        await commands.executeCommand(
          'setContext',
          `istioAmbientPolicy.fixed.${String(rule)}`,
          true,
        )
      else void window.showErrorMessage(l10n.t('Could not apply the fix "{0}".', title))
    }),
    commands.registerCommand(EXPLAIN_SAMPLE_COMMAND, async () => {
      const document = await openSample()
      const kind = document.positionAt(document.getText().indexOf(POLICY_KIND))
      await reveal(document, new Range(kind, kind))
      await commands.executeCommand('editor.action.showHover')
    }),
    commands.registerCommand(EVALUATE_SAMPLE_COMMAND, async () => {
      const document = await openSample()
      await reveal(document, undefined)
      await commands.executeCommand(EVALUATE_COMMAND, { uri: document.uri.toString() })
    }),
    commands.registerCommand(SHOW_SAMPLE_MATRIX_COMMAND, async () => {
      const document = await openSample()
      await reveal(document, undefined)
      const result = await client.sendRequest<MeshViewResult>(MESH_VIEW_REQUEST, {})
      const mesh = result?.meshes?.find(({ uri }) => uri === document.uri.toString())
      if (mesh)
        await commands.executeCommand(SHOW_CONNECTIONS_COMMAND, {
          mesh: { id: mesh.id },
          item: { label: SAMPLE_NAMESPACE },
        })
    }),
  )
}

/** The start of the line of a finding. */
function lineOf({ range }: Diagnostic): Range {
  const start = range.start.with({ character: 0 })
  return new Range(start, start)
}

/** Shows a document beside the walkthrough, with the cursor at the start of a range. */
async function reveal(document: TextDocument, range: Range | undefined): Promise<void> {
  const start = range?.start
  const options = {
    viewColumn: columnOf(document),
    ...(start ? { selection: new Range(start, start) } : {}),
  }
  await window.showTextDocument(document, options)
  // The click on the walkthrough moves the focus back to the walkthrough when it ends. On a busy machine this is late.
  for (let checks = 0, focused = 0; checks < MAX_FOCUS_CHECKS && focused < FOCUS_CHECKS; checks++) {
    await pause(FOCUS_CHECK_MILLISECONDS)
    focused = hasFocus(document) ? focused + 1 : 0
    if (focused === 0) await window.showTextDocument(document, options)
  }
}

function hasFocus(document: TextDocument): boolean {
  return window.activeTextEditor?.document === document
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** The column that shows a document already, otherwise the column beside the active one. */
function columnOf(document: TextDocument): ViewColumn {
  return (
    window.visibleTextEditors.find((editor) => editor.document === document)?.viewColumn ??
    ViewColumn.Beside
  )
}

/**
 * Applies the fix with a title. A busy workbench can reject an edit or return no fixes, so there are several
 * attempts.
 */
async function applyFix(
  document: TextDocument,
  mistake: Diagnostic,
  title: string,
): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    if (await tryFix(document, mistake, title)) return true
    if (attempt === FIX_ATTEMPTS) return false
    await pause(FIX_RETRY_MILLISECONDS)
  }
}

async function tryFix(
  document: TextDocument,
  { range }: Diagnostic,
  title: string,
): Promise<boolean> {
  const actions: unknown = await commands.executeCommand(
    'vscode.executeCodeActionProvider',
    document.uri,
    range,
    CodeActionKind.QuickFix.value,
    20,
  )
  const action = Array.isArray(actions)
    ? actions.find(
        (one: unknown): one is CodeAction => one instanceof CodeAction && one.title === title,
      )
    : undefined
  return action?.edit !== undefined && workspace.applyEdit(action.edit)
}

/** The finding of a rule in a document. Waits until the document has findings. */
function findingOf(rule: string, document: TextDocument): Promise<Diagnostic | undefined> {
  const findings = (): readonly Diagnostic[] =>
    languages.getDiagnostics(document.uri).filter(({ source }) => source === 'istio-ambient-policy')
  const ofRule = (): Diagnostic | undefined =>
    findings().find(({ code }) => (typeof code === 'object' ? code.value : code) === rule)
  return new Promise((resolve) => {
    if (findings().length > 0) {
      resolve(ofRule())
      return
    }
    const finish = (): void => {
      clearTimeout(timer)
      listener.dispose()
      resolve(ofRule())
    }
    const timer = setTimeout(finish, FINDINGS_TIMEOUT_MILLISECONDS)
    const listener = languages.onDidChangeDiagnostics(({ uris }) => {
      const changed = uris.some((uri) => uri.toString() === document.uri.toString())
      if (changed && findings().length > 0) finish()
    })
  })
}
