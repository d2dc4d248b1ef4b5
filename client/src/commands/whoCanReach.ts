import { ACCESS_REQUEST, type AccessParams, type AccessResult } from '@istio-ambient-policy/shared'
import { commands, Disposable, l10n, window } from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'
import { onManifestChange } from '../onManifestChange.js'
import { accessView } from '../views/accessView.js'
import { Links } from '../views/links.js'
import type { PanelContent, ViewPanel } from '../views/viewPanel.js'
import { ACCESS_COMMAND } from './commandNames.js'
import { decodeArgument, objectInWords } from './requestDraft.js'

/**
 * *Who Can Reach This?*: shows all requests to an object that are allowed, with what decides them. The answer follows
 * the changes of the files.
 */
export function registerWhoCanReach(client: BaseLanguageClient, panel: ViewPanel): Disposable {
  let shown: AccessParams | undefined

  const run = async (value: unknown): Promise<void> => {
    const argument = decodeArgument(value)
    if (!argument?.to) {
      void window.showInformationMessage(
        l10n.t('Use the code lens "Who can reach this?" above a Service or a workload.'),
      )
      return
    }
    // All ports: the lens of an object with one port names it.
    const { kind, name } = argument.to
    shown = { textDocument: { uri: argument.uri }, to: { kind, name } }
    await panel.show(answer)
  }

  const answer = async (): Promise<PanelContent | undefined> => {
    if (!shown) return undefined
    const { textDocument, to } = shown
    const result = await client.sendRequest<AccessResult>(ACCESS_REQUEST, shown)
    if (!result) return undefined
    const links = new Links()
    const view = accessView(objectInWords(to), result, { links, uri: textDocument.uri })
    return { view, places: links.places, picture: () => undefined, actions: {} }
  }

  return Disposable.from(
    commands.registerCommand(ACCESS_COMMAND, run),
    onManifestChange(() => {
      void panel.follow('access', answer)
    }),
  )
}
