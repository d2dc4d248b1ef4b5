import { Disposable, workspace } from 'vscode'
import { isManifestLanguage } from './manifestLanguages.js'

const DELAY_MILLISECONDS = 400

/**
 * Calls `act` after manifests have changed in an editor or on disk: once, when there was no change for a short
 * time.
 */
export function onManifestChange(act: () => void): Disposable {
  let timer: ReturnType<typeof setTimeout> | undefined
  const soon = (): void => {
    clearTimeout(timer)
    timer = setTimeout(act, DELAY_MILLISECONDS)
  }
  const watcher = workspace.createFileSystemWatcher('**/*.{yaml,yml,json}')
  return Disposable.from(
    watcher,
    watcher.onDidChange(soon),
    watcher.onDidCreate(soon),
    watcher.onDidDelete(soon),
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0 && isManifestLanguage(document.languageId)) soon()
    }),
    new Disposable(() => {
      clearTimeout(timer)
    }),
  )
}
