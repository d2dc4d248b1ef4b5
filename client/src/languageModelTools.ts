import {
  CALL_TOOL_REQUEST,
  type CallToolParams,
  type CallToolResult,
} from '@istio-ambient-policy/shared'
import * as vscode from 'vscode'
import {
  commands,
  Disposable,
  l10n,
  LanguageModelTextPart,
  LanguageModelToolResult,
  lm,
  window,
  type ExtensionContext,
} from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'

/** How the names of the tools begin in the manifest. */
const PREFIX = 'ambient_policy_'
/** Context key: the tools can be called. */
const HAS_TOOLS = 'istioAmbientPolicy.hasTools'

/**
 * Registers the tools of the manifest for the language models of the editor. The server answers them, as it answers
 * `ambient-policy mcp`. Other editors with the API of VS Code may have no language models.
 */
export function registerLanguageModelTools(
  { extension }: Pick<ExtensionContext, 'extension'>,
  client: Pick<BaseLanguageClient, 'sendRequest'>,
): Disposable {
  const editor: { readonly lm?: Partial<typeof lm> } = vscode
  if (editor.lm?.registerTool === undefined) return Disposable.from()
  const tools = toolsOf(extension.packageJSON).map(({ name, displayName }) =>
    lm.registerTool(name, {
      prepareInvocation: () => ({ invocationMessage: l10n.t('{0}…', displayName) }),
      invoke: async ({ input }, token) => {
        const uri = window.activeTextEditor?.document.uri.toString()
        const params: CallToolParams = {
          name: name.slice(PREFIX.length),
          arguments: input,
          ...(uri === undefined ? {} : { textDocument: { uri } }),
        }
        const { text, isError } = await client.sendRequest<CallToolResult>(
          CALL_TOOL_REQUEST,
          params,
          token,
        )
        // The editor shows the message of an error to the model.
        if (isError) throw new Error(text)
        return new LanguageModelToolResult([new LanguageModelTextPart(text)])
      },
    }),
  )
  void commands.executeCommand('setContext', HAS_TOOLS, true)
  return Disposable.from(...tools)
}

interface ContributedTool {
  readonly name: string
  readonly displayName: string
}

/** The tools that the manifest contributes. */
function toolsOf(manifest: unknown): readonly ContributedTool[] {
  const { contributes } = manifest as {
    readonly contributes?: { readonly languageModelTools?: readonly ContributedTool[] }
  }
  return contributes?.languageModelTools ?? []
}
