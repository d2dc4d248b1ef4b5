import {
  COMPARE_ACCESS_REQUEST,
  type CompareAccessParams,
  type CompareAccessResult,
} from '@istio-ambient-policy/shared'
import { commands, Disposable, l10n, window } from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'
import type { HeadTexts } from '../git/headTexts.js'
import { onManifestChange } from '../onManifestChange.js'
import { comparisonView } from '../views/comparisonView.js'
import { Links } from '../views/links.js'
import type { PanelContent, ViewPanel } from '../views/viewPanel.js'
import { COMPARE_ACCESS_COMMAND } from './commandNames.js'
import { documentOfMesh } from './documentOfMesh.js'

/**
 * *Compare Access with HEAD…*: shows the requests whose verdict is different from HEAD, also for unsaved text. The
 * comparison follows the changes of the files.
 */
export function registerCompareAccess(
  client: BaseLanguageClient,
  panel: ViewPanel,
  head: HeadTexts,
): Disposable {
  let shown: CompareAccessParams | undefined

  const run = async (value: unknown): Promise<void> => {
    const uri = typeof value === 'string' ? value : await documentOfMesh()
    await head.refresh()
    const problem =
      uri === undefined
        ? l10n.t('Open a manifest to compare the access to its mesh.')
        : head.problem
    if (uri === undefined || problem !== undefined) {
      if (problem !== undefined) void window.showInformationMessage(problem)
      return
    }
    shown = { textDocument: { uri } }
    await panel.show(async () => {
      const content = await answer()
      if (!content) void window.showInformationMessage(l10n.t('This file is in no mesh.'))
      return content
    })
  }

  const answer = async (): Promise<PanelContent | undefined> => {
    if (!shown) return undefined
    const { uri } = shown.textDocument
    await head.send()
    const result = await client.sendRequest<CompareAccessResult>(COMPARE_ACCESS_REQUEST, shown)
    if (!result) return undefined
    const links = new Links()
    const view = comparisonView(result, { links, uri })
    return { view, places: links.places, picture: () => undefined, actions: {} }
  }

  const follow = (): void => {
    void panel.follow('comparison', answer)
  }
  return Disposable.from(
    commands.registerCommand(COMPARE_ACCESS_COMMAND, run),
    onManifestChange(follow),
    head.onDidSend(follow),
  )
}
