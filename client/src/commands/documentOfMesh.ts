import { window, workspace } from 'vscode'
import { isManifestLanguage } from '../manifestLanguages.js'

/**
 * The URI of a document of the mesh: in the active editor, otherwise in another visible editor, because a panel can have the
 * focus, otherwise any manifest of the workspace.
 */
export async function documentOfMesh(): Promise<string | undefined> {
  const editors = [
    ...(window.activeTextEditor ? [window.activeTextEditor] : []),
    ...window.visibleTextEditors,
  ]
  const shown = editors.find(({ document }) => isManifestLanguage(document.languageId))
  if (shown) return shown.document.uri.toString()
  const [first] = await workspace.findFiles('**/*.{yaml,yml}', '**/node_modules/**', 1)
  return first?.toString()
}
