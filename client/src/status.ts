import {
  PRODUCT_NAME,
  STATUS_NOTIFICATION,
  type FolderStatus,
  type StatusParams,
} from '@istio-ambient-policy/shared'
import {
  commands,
  Disposable,
  l10n,
  languages,
  LanguageStatusSeverity,
  type LanguageStatusItem,
} from 'vscode'
import { State, type BaseLanguageClient } from 'vscode-languageclient'
import { RESTART_COMMAND, SHOW_OUTPUT_COMMAND } from './commands/commandNames.js'
import { manifestDocuments } from './languageClient.js'

/** Context key: the mesh view has something to show. */
const HAS_MESH = 'istioAmbientPolicy.hasMesh'

const SHOW_OUTPUT = { title: l10n.t('Show Output'), command: SHOW_OUTPUT_COMMAND }

/**
 * Creates the language status items, one for each folder: the number of objects, and the settings that apply or what
 * was not read.
 *
 * @param whenRead called after a folder was read.
 */
export function showStatus(client: BaseLanguageClient, whenRead: () => void): Disposable {
  const items: LanguageStatusItem[] = []
  /** The item at a place. The first one is for the server too. */
  const itemAt = (index: number): LanguageStatusItem => (items[index] ??= createItem(index))
  const keepFirst = (count: number): void => {
    for (const item of items.splice(Math.max(1, count))) item.dispose()
  }
  const states = client.onDidChangeState(({ newState }) => {
    const first = itemAt(0)
    first.busy = newState === State.Starting
    const ended = newState === State.Stopped || newState === State.StartFailed
    first.command = ended
      ? { title: l10n.t('Restart Server'), command: RESTART_COMMAND }
      : SHOW_OUTPUT
    if (!ended) return
    keepFirst(1)
    first.severity = LanguageStatusSeverity.Error
    first.text = l10n.t('Mesh: the language server is not running')
    first.detail = ''
  })
  const listener = client.onNotification(STATUS_NOTIFICATION, (status: StatusParams) => {
    const { reading, folders } = status
    keepFirst(folders.length)
    if (folders.length === 0) itemAt(0).text = l10n.t('Istio mesh')
    for (const [index, folder] of folders.entries()) {
      const item = itemAt(index)
      item.busy = reading
      item.severity =
        folder.problems.length > 0
          ? LanguageStatusSeverity.Warning
          : LanguageStatusSeverity.Information
      item.text = `${folders.length > 1 ? folder.name : l10n.t('Mesh')}: ${countsText(folder)}`
      item.detail = problemText(folder) ?? settingsText(folder)
    }
    if (!reading) whenRead()
    void commands.executeCommand(
      'setContext',
      HAS_MESH,
      folders.some(({ objects }) => objects > 0),
    )
  })
  itemAt(0)
  return Disposable.from(states, listener, {
    dispose: () => {
      for (const item of items) item.dispose()
    },
  })
}

function createItem(index: number): LanguageStatusItem {
  const item = languages.createLanguageStatusItem(
    `istioAmbientPolicy.status${index === 0 ? '' : index}`,
    manifestDocuments(),
  )
  item.name = PRODUCT_NAME
  item.text = l10n.t('Istio mesh')
  item.command = SHOW_OUTPUT
  return item
}

function countsText({ objects, files }: FolderStatus): string {
  const counted = objects === 1 ? l10n.t('{0} object', objects) : l10n.t('{0} objects', objects)
  return `${counted}, ${files === 1 ? l10n.t('{0} file', files) : l10n.t('{0} files', files)}`
}

function settingsText({ istioVersion, rootNamespace }: FolderStatus): string {
  return l10n.t('Istio {0}, root {1}', istioVersion, rootNamespace)
}

/** Short, because an editor cuts a long line. The output has every problem. */
function problemText({ problems, limits }: FolderStatus): string | undefined {
  const [first] = problems
  if (first === undefined) return undefined
  if (limits.length > 0) return l10n.t('limited by setting {0}', limits.join(', '))
  return problems.length === 1 ? first : l10n.t('{0} problems: see the output', problems.length)
}
