import { Disposable, workspace } from 'vscode'

const QUIET_MILLISECONDS = 400

/** Calls back a short while after manifests have changed, in an editor or on disk; once for everything that happens together. */
export function whenMeshChanges(act: () => void): Disposable {
  let timer: ReturnType<typeof setTimeout> | undefined
  const soon = (): void => {
    clearTimeout(timer)
    timer = setTimeout(act, QUIET_MILLISECONDS)
  }
  const watcher = workspace.createFileSystemWatcher('**/*.{yaml,yml,json}')
  return Disposable.from(
    watcher,
    watcher.onDidChange(soon),
    watcher.onDidCreate(soon),
    watcher.onDidDelete(soon),
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (
        contentChanges.length > 0 &&
        (document.languageId === 'yaml' || document.languageId === 'json')
      )
        soon()
    }),
    new Disposable(() => {
      clearTimeout(timer)
    }),
  )
}
