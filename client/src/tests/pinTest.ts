import {
  ADD_TEST_REQUEST,
  type AddTestParams,
  type AddTestResult,
  type EvaluateAnswer,
} from '@istio-ambient-policy/shared'
import { l10n, Range, Uri, window, workspace, WorkspaceEdit, type QuickPickItem } from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'
import { NOT_IN, TEST_FILES } from './testFiles.js'

const NEW_FILE = 'policies.access-test.yaml'

interface FileChoice extends QuickPickItem {
  readonly uri: Uri
  readonly isNew?: true
}

/**
 * *Pin as test*: adds a case with the present verdict of a request to a test file, and shows it. The user saves it.
 *
 * @param uri a file of the mesh.
 */
export async function pinTest(
  client: BaseLanguageClient,
  uri: string,
  { request, answer }: { readonly request: unknown; readonly answer: EvaluateAnswer },
): Promise<void> {
  const file = await chooseFile(Uri.parse(uri, true))
  if (!file) return
  const by = answer.hops.findLast(
    ({ verdict, policy }) => verdict === answer.verdict && policy !== null,
  )?.policy
  const params: AddTestParams = {
    textDocument: { uri: file.uri.toString() },
    request,
    expect: answer.verdict,
    ...(by === undefined || by === null || answer.verdict === 'undecided' ? {} : { by }),
  }
  if (await addTest(client, params, { isNew: file.isNew === true }))
    await window.showTextDocument(file.uri)
}

/** Adds a case to a test file, which the user saves. Returns whether it was added; if not, a message says why. */
export async function addTest(
  client: BaseLanguageClient,
  params: AddTestParams,
  { isNew = false } = {},
): Promise<boolean> {
  const { edits, problem } = await client.sendRequest<AddTestResult>(ADD_TEST_REQUEST, params)
  if (!edits) {
    void window.showErrorMessage(problem)
    return false
  }
  const uri = Uri.parse(params.textDocument.uri, true)
  const edit = new WorkspaceEdit()
  if (isNew) edit.createFile(uri, { ignoreIfExists: true })
  for (const { range, newText } of edits)
    edit.replace(
      uri,
      new Range(range.start.line, range.start.character, range.end.line, range.end.character),
      newText,
    )
  return workspace.applyEdit(edit)
}

/** A test file of the workspace, or a new one at the top of the folder. */
async function chooseFile(uri: Uri): Promise<FileChoice | undefined> {
  const known = await workspace.findFiles(TEST_FILES, NOT_IN)
  const folder = workspace.getWorkspaceFolder(uri)?.uri ?? Uri.joinPath(uri, '..')
  const created = Uri.joinPath(folder, NEW_FILE)
  const choices: FileChoice[] = known.map((each) => ({
    label: workspace.asRelativePath(each),
    uri: each,
  }))
  if (!known.some((each) => each.toString() === created.toString()))
    choices.push({ label: l10n.t('New file {0}', NEW_FILE), uri: created, isNew: true })
  const [only, ...others] = choices
  if (only && others.length === 0) return only
  return window.showQuickPick(choices, {
    title: l10n.t('Add the request to a test file'),
    // The panel with the button can take the focus again.
    ignoreFocusOut: true,
  })
}
