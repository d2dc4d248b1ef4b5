import {
  EXPLAIN_LOG_REQUEST,
  type ExplainLogParams,
  type ExplainLogResult,
} from '@istio-ambient-policy/shared'
import { commands, l10n, window, type Disposable } from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'
import type { PageLink } from '../views/link.js'
import { Links } from '../views/links.js'
import { logView } from '../views/logView.js'
import { YAML_LANGUAGES } from '../manifestLanguages.js'
import { openLink } from '../views/openLink.js'
import type { ViewPanel } from '../views/viewPanel.js'
import { EXPLAIN_LOG_COMMAND } from './commandNames.js'

/**
 * *Explain Log Line…*: the policy, rule and YAML line behind lines of the log of ztunnel or Envoy. The lines are the
 * selection, or the user enters one. If one object decided, the editor shows it.
 */
export function registerExplainLog(client: BaseLanguageClient, panel: ViewPanel): Disposable {
  return commands.registerCommand(EXPLAIN_LOG_COMMAND, async (given: unknown) => {
    const log = typeof given === 'string' ? given : (selectedText() ?? (await askForLine()))
    if (log === undefined || log.trim() === '') return
    const uri = window.activeTextEditor?.document.uri.toString()
    const params: ExplainLogParams = {
      log,
      ...(uri === undefined ? {} : { textDocument: { uri } }),
    }
    const deciding: PageLink[] = []
    await panel.show(async () => {
      const result = await client.sendRequest<ExplainLogResult>(EXPLAIN_LOG_REQUEST, params)
      if (result.problem !== undefined) {
        void window.showInformationMessage(result.problem)
        return undefined
      }
      const links = new Links()
      const view = logView(result, links)
      deciding.push(...result.answers.flatMap(({ objects }) => objects))
      return { view, places: links.places, picture: () => undefined, actions: {} }
    })
    const [object, ...others] = deciding
    if (object && others.length === 0) await openLink(object)
  })
}

/** The selected text, if it is not empty. A manifest is no log. */
function selectedText(): string | undefined {
  const editor = window.activeTextEditor
  if (!editor || YAML_LANGUAGES.includes(editor.document.languageId)) return undefined
  const text = editor.document.getText(editor.selection)
  return text.trim() === '' ? undefined : text
}

function askForLine(): Thenable<string | undefined> {
  return window.showInputBox({
    title: l10n.t('Explain Log Line'),
    prompt: l10n.t('A line of the log of ztunnel, a waypoint or a sidecar'),
    placeHolder: 'error access connection complete src.addr=…',
    ignoreFocusOut: true,
  })
}
