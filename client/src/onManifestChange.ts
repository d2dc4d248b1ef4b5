import { Disposable, workspace, type Uri } from 'vscode'
import { isManifestLanguage } from './manifestLanguages.js'

const DELAY_MILLISECONDS = 400

/** A path whose end is the extension of a file, and not a version such as `1.2`. */
const FILE = /\.[a-z]\w*$/i

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
  const manifests = workspace.createFileSystemWatcher('**/*.{yaml,yml,json}')
  // A folder that is created, deleted or renamed is one event for the folder.
  const folders = workspace.createFileSystemWatcher('**', false, true, false)
  const soonForFolder = ({ path }: Uri): void => {
    if (!FILE.test(path)) soon()
  }
  return Disposable.from(
    manifests,
    manifests.onDidChange(soon),
    manifests.onDidCreate(soon),
    manifests.onDidDelete(soon),
    folders,
    folders.onDidCreate(soonForFolder),
    folders.onDidDelete(soonForFolder),
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0 && isManifestLanguage(document.languageId)) soon()
    }),
    new Disposable(() => {
      clearTimeout(timer)
    }),
  )
}
