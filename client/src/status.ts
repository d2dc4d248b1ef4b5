import {
  PRODUCT_NAME,
  STATUS_NOTIFICATION,
  type FolderStatus,
  type StatusParams,
} from '@istio-ambient-policy/shared'
import { commands, Disposable, l10n, languages, LanguageStatusSeverity } from 'vscode'
import { State, type BaseLanguageClient } from 'vscode-languageclient'
import { RESTART_COMMAND, SHOW_OUTPUT_COMMAND } from './commands/commandNames.js'
import { manifestDocuments } from './languageClient.js'

/** Context key: the mesh view has something to show. */
const HAS_MESH = 'istioAmbientPolicy.hasMesh'

const SHOW_OUTPUT = { title: l10n.t('Show Output'), command: SHOW_OUTPUT_COMMAND }

/**
 * Creates the language status item: the number of objects, the settings that apply, and the files that were not read.
 *
 * @param whenRead called after a folder was read.
 */
export function showStatus(client: BaseLanguageClient, whenRead: () => void): Disposable {
  const item = languages.createLanguageStatusItem('istioAmbientPolicy.status', manifestDocuments())
  item.name = PRODUCT_NAME
  item.text = l10n.t('Istio mesh')
  item.command = SHOW_OUTPUT
  const states = client.onDidChangeState(({ newState }) => {
    item.busy = newState === State.Starting
    const ended = newState === State.Stopped || newState === State.StartFailed
    item.command = ended
      ? { title: l10n.t('Restart Server'), command: RESTART_COMMAND }
      : SHOW_OUTPUT
    if (!ended) return
    item.severity = LanguageStatusSeverity.Error
    item.text = l10n.t('Mesh: the language server is not running')
    item.detail = ''
  })
  const listener = client.onNotification(STATUS_NOTIFICATION, (status: StatusParams) => {
    const problems = status.folders.flatMap((folder) => folder.problems)
    item.busy = status.reading
    item.severity =
      problems.length > 0 ? LanguageStatusSeverity.Warning : LanguageStatusSeverity.Information
    item.text =
      status.folders
        .map(
          (folder) =>
            `${status.folders.length > 1 ? folder.name : l10n.t('Mesh')}: ${countsText(folder)}`,
        )
        .join(' · ') || l10n.t('Istio mesh')
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

function countsText({ objects, files }: FolderStatus): string {
  const counted = objects === 1 ? l10n.t('{0} object', objects) : l10n.t('{0} objects', objects)
  return `${counted}, ${files === 1 ? l10n.t('{0} file', files) : l10n.t('{0} files', files)}`
}

function settingsText({ istioVersion, rootNamespace }: FolderStatus): string {
  return l10n.t('Istio {0}, root {1}', istioVersion, rootNamespace)
}

function problemText(problems: readonly string[]): string[] {
  const [first] = problems
  if (first === undefined) return []
  return [problems.length === 1 ? first : l10n.t('{0} problems: see the output', problems.length)]
}
