import {
  decodeRequest,
  EVALUATE_CHOICES_REQUEST,
  EVALUATE_REQUEST,
  type AccessRequest,
  type EvaluateCommandArgument,
  type EvaluateParams,
  type EvaluateResult,
  type RequestChoices,
} from '@istio-ambient-policy/shared'
import { commands, Disposable, type ExtensionContext, l10n, Uri, window } from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'
import { onManifestChange } from '../onManifestChange.js'
import { answerView } from '../views/answerView.js'
import type { PanelContent, ViewPanel } from '../views/viewPanel.js'
import { askForRequest } from './askForRequest.js'
import { EVALUATE_COMMAND } from './commandNames.js'
import { documentOfMesh } from './documentOfMesh.js'
import { pinTest } from '../tests/pinTest.js'
import { decodeArgument, draftOf, field, requestOf, type RequestDraft } from './requestDraft.js'

const LAST_REQUEST = 'lastRequest'

/** A request and its mesh: the mesh of the document `uri`. */
interface Evaluation {
  readonly uri: string
  readonly draft: RequestDraft
  readonly request: AccessRequest
}

/**
 * Evaluate request…*: asks for a request and shows the answer of each proxy. The answer follows the changes of the
 * files.
 */
export function registerEvaluateRequest(
  { workspaceState }: ExtensionContext,
  client: BaseLanguageClient,
  panel: ViewPanel,
): Disposable {
  let shown: Evaluation | undefined

  const run = async (value: unknown): Promise<void> => {
    // The menus of an editor and of the explorer give a URI.
    const given = value instanceof Uri ? { uri: value.toString() } : decodeArgument(value)
    const argument = given ?? (await manifestUri())
    const complete = decodeRequest(field(value, 'request')).request
    if (argument && complete) {
      shown = { uri: argument.uri, draft: draftOf(complete), request: complete }
      await workspaceState.update(LAST_REQUEST, shown.draft)
      await panel.show(answer)
      return
    }
    const choices =
      argument &&
      (await client.sendRequest<RequestChoices | null>(EVALUATE_CHOICES_REQUEST, {
        textDocument: { uri: argument.uri },
      }))
    if (!choices) {
      void window.showInformationMessage(
        l10n.t('There is no mesh to evaluate. Open a folder or a file with Kubernetes manifests.'),
      )
      return
    }
    const last = workspaceState.get<RequestDraft>(LAST_REQUEST, {})
    const draft = await askForRequest({ choices, last, given: givenBy(argument) })
    const request = draft && requestOf(draft)
    if (!draft || !request) return
    await workspaceState.update(LAST_REQUEST, draft)
    shown = { uri: argument.uri, draft, request }
    await panel.show(answer)
  }

  const answer = async (): Promise<PanelContent | undefined> => {
    if (!shown) return undefined
    const { uri, draft, request } = shown
    const params: EvaluateParams = { textDocument: { uri }, request }
    const result = await client.sendRequest<EvaluateResult>(EVALUATE_REQUEST, params)
    const found = result?.answer
    if (found)
      return answerView(draft, found, {
        change: () => commands.executeCommand(EVALUATE_COMMAND, { uri }),
        pin: () => pinTest(client, uri, { request, answer: found }),
      })
    void window.showErrorMessage(
      result?.problem ?? l10n.t('The mesh of this request no longer exists.'),
    )
    return undefined
  }

  return Disposable.from(
    commands.registerCommand(EVALUATE_COMMAND, run),
    onManifestChange(() => {
      void panel.follow('answer', answer)
    }),
  )
}

async function manifestUri(): Promise<EvaluateCommandArgument | undefined> {
  const uri = await documentOfMesh()
  return uri === undefined ? undefined : { uri }
}

function givenBy({ from, to }: EvaluateCommandArgument): RequestDraft {
  return {
    ...(from ? { from } : {}),
    ...(to ? { to: { kind: to.kind, name: to.name } } : {}),
    ...(to?.port === undefined ? {} : { port: to.port }),
  }
}
