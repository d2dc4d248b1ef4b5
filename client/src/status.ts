import {
  STATUS_NOTIFICATION,
  type FolderStatus,
  type StatusParams,
} from '@istio-ambient-policy/shared'
import { commands, Disposable, languages, LanguageStatusSeverity } from 'vscode'
import { State, type BaseLanguageClient } from 'vscode-languageclient'
import { RESTART_COMMAND, SHOW_OUTPUT_COMMAND } from './commands/commandNames.js'
import { manifestDocuments } from './languageClient.js'

/** Set while there is anything to show in the mesh view. */
const HAS_MESH = 'istioAmbientPolicy.hasMesh'

const SHOW_OUTPUT = { title: 'Show Output', command: SHOW_OUTPUT_COMMAND }

/**
 * The language status item: what was read, by which assumptions, and which limits were hit.
 *
 * @param whenRead told when there is something new to show.
 */
export function showStatus(client: BaseLanguageClient, whenRead: () => void): Disposable {
  const item = languages.createLanguageStatusItem('istioAmbientPolicy.status', manifestDocuments())
  item.name = 'Istio Ambient Policy'
  item.text = 'Istio mesh'
  item.command = SHOW_OUTPUT
  const states = client.onDidChangeState(({ newState }) => {
    item.busy = newState === State.Starting
    const ended = newState === State.Stopped || newState === State.StartFailed
    item.command = ended ? { title: 'Restart Server', command: RESTART_COMMAND } : SHOW_OUTPUT
    if (!ended) return
    item.severity = LanguageStatusSeverity.Error
    item.text = 'Mesh: the server does not run'
    item.detail = ''
  })
  const listener = client.onNotification(STATUS_NOTIFICATION, (status: StatusParams) => {
    const problems = status.folders.flatMap((folder) => folder.problems)
    item.busy = status.reading
    item.severity =
      problems.length > 0 ? LanguageStatusSeverity.Warning : LanguageStatusSeverity.Information
    item.text =
      status.folders
        .map(({ objects, files }) => `Mesh: ${objects} objects, ${files} files`)
        .join(' · ') || 'Istio mesh'
    item.detail = [...new Set(status.folders.map(settingsText)), ...problemText(problems)].join(
      ' · ',
    )
    if (!status.reading) whenRead()
    void commands.executeCommand(
      'setContext',
      HAS_MESH,
      status.folders.some(({ objects }) => objects > 0),
    )
  })
  return Disposable.from(item, states, listener)
}

function settingsText({ istioVersion, rootNamespace }: FolderStatus): string {
  return `Istio ${istioVersion}, root ${rootNamespace}`
}

function problemText(problems: readonly string[]): string[] {
  const [first] = problems
  if (first === undefined) return []
  return [problems.length === 1 ? first : `${problems.length} not read as they are, see the output`]
}
