import { STATUS_NOTIFICATION, type StatusParams } from '@istio-ambient-policy/shared'
import { Disposable, languages, LanguageStatusSeverity } from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { DOCUMENTS } from './languageClient.js'

/** The language status item: what was read, and by which assumptions. */
export function showStatus(client: LanguageClient): Disposable {
  const item = languages.createLanguageStatusItem('istioAmbientPolicy.status', DOCUMENTS)
  item.name = 'Istio Ambient Policy'
  item.text = 'Istio mesh'
  item.command = { title: 'Show Output', command: 'istioAmbientPolicy.showOutput' }
  const listener = client.onNotification(STATUS_NOTIFICATION, (status: StatusParams) => {
    const problems = status.folders.flatMap((folder) => folder.problems)
    item.busy = status.reading
    item.severity = problems.length > 0 ? LanguageStatusSeverity.Warning : LanguageStatusSeverity.Information
    item.text = status.folders.map(({ objects, files }) => `Mesh: ${objects} objects, ${files} files`).join(' · ') || 'Istio mesh'
    const settings = new Set(status.folders.map(({ istioVersion, rootNamespace }) => `Istio ${istioVersion}, root ${rootNamespace}`))
    item.detail = [...settings, ...(problems.length > 0 ? [`${problems.length} not read as they are, see the output`] : [])].join(' · ')
  })
  return Disposable.from(item, listener)
}
