import {
  CodeAction,
  CodeActionKind,
  commands,
  Disposable,
  languages,
  Range,
  Uri,
  ViewColumn,
  window,
  workspace,
  type Diagnostic,
  type ExtensionContext,
  type TextDocument,
} from 'vscode'
import { FIX_MISTAKE_COMMAND, SHOW_MISTAKE_COMMAND } from './commandNames.js'
import { MISTAKES } from './mistakes.js'

/** How long the findings of the sample are waited for. */
const PATIENCE_MILLISECONDS = 10_000
const FOCUS_MILLISECONDS = 150
const ENOUGH_LOOKS = 2
const MOST_LOOKS = 20
const ATTEMPTS = 4
const BETWEEN_MILLISECONDS = 500

/**
 * The sample mesh of the walkthrough: a document that is not saved anywhere. One command shows where a mistake is found, the other applies its fix and
 * ticks off the step.
 */
export function registerSampleMesh({ extensionUri }: ExtensionContext): Disposable {
  let sample: TextDocument | undefined

  const open = async (): Promise<TextDocument> => {
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
    if (typeof rule !== 'string' || !Object.hasOwn(MISTAKES, rule)) return undefined
    const document = await open()
    const mistake = await finding(document, rule)
    await reveal(document, mistake)
    if (mistake) return { document, mistake }
    void window.showInformationMessage(
      'This mistake is not in the sample any more: undo its fix, or close the sample and open it anew.',
    )
    return undefined
  }

  return Disposable.from(
    commands.registerCommand(SHOW_MISTAKE_COMMAND, async (rule: unknown) => {
      // From the beginning of its line on, the mistake is the next problem: it is shown with its message and its fixes.
      const shown = await show(rule)
      if (!shown) return
      await commands.executeCommand('editor.action.marker.next')
      await pause(FOCUS_MILLISECONDS)
      if (hasFocus(shown.document)) return
      await reveal(shown.document, shown.mistake)
      await commands.executeCommand('editor.action.marker.next')
    }),
    commands.registerCommand(FIX_MISTAKE_COMMAND, async (rule: unknown) => {
      const shown = await show(rule)
      if (!shown) return
      const title = MISTAKES[String(rule)] ?? ''
      if (await applyFix(shown.document, shown.mistake, title))
        await commands.executeCommand(
          'setContext',
          `istioAmbientPolicy.fixed.${String(rule)}`,
          true,
        )
      else void window.showErrorMessage(`The fix "${title}" cannot be applied.`)
    }),
  )
}

/** Shows a document beside the walkthrough, with the cursor at the beginning of the line of what is found. */
async function reveal(document: TextDocument, mistake: Diagnostic | undefined): Promise<void> {
  const start = mistake?.range.start.with({ character: 0 })
  const options = {
    viewColumn: sideOf(document),
    ...(start ? { selection: new Range(start, start) } : {}),
  }
  await window.showTextDocument(document, options)
  // The click in the walkthrough that led here takes the focus back when it ends, which a busy workbench tells late.
  for (let looks = 0, kept = 0; looks < MOST_LOOKS && kept < ENOUGH_LOOKS; looks++) {
    await pause(FOCUS_MILLISECONDS)
    kept = hasFocus(document) ? kept + 1 : 0
    if (kept === 0) await window.showTextDocument(document, options)
  }
}

function hasFocus(document: TextDocument): boolean {
  return window.activeTextEditor?.document === document
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** Where a document is shown already, else beside what is active. */
function sideOf(document: TextDocument): ViewColumn {
  return (
    window.visibleTextEditors.find((editor) => editor.document === document)?.viewColumn ??
    ViewColumn.Beside
  )
}

/** Applies the fix of a title. A busy workbench can refuse an edit, or not get to the fixes: it is asked again then. */
async function applyFix(
  document: TextDocument,
  mistake: Diagnostic,
  title: string,
): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    if (await tryFix(document, mistake, title)) return true
    if (attempt === ATTEMPTS) return false
    await pause(BETWEEN_MILLISECONDS)
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

/** What a rule has found in a document; waits for it as long as the document is not judged yet. */
function finding(document: TextDocument, rule: string): Promise<Diagnostic | undefined> {
  const look = (): readonly Diagnostic[] =>
    languages.getDiagnostics(document.uri).filter(({ source }) => source === 'istio-ambient-policy')
  const found = (): Diagnostic | undefined =>
    look().find(({ code }) => (typeof code === 'object' ? code.value : code) === rule)
  return new Promise((resolve) => {
    if (look().length > 0) {
      resolve(found())
      return
    }
    const end = (): void => {
      clearTimeout(timer)
      listener.dispose()
      resolve(found())
    }
    const timer = setTimeout(end, PATIENCE_MILLISECONDS)
    const listener = languages.onDidChangeDiagnostics(({ uris }) => {
      if (uris.some((uri) => uri.toString() === document.uri.toString()) && look().length > 0) end()
    })
  })
}
