import { SERVER_COMMANDS } from '@istio-ambient-policy/shared'
import type { CancellationToken, Connection } from 'vscode-languageserver'
import { ErrorCodes, MessageType, ResponseError, ShowMessageNotification } from '../lsp.js'
import { ruleInWords } from './rulePages.js'
import type { ServerContext } from './serverContext.js'

/** Runs a command with its arguments. */
export type ServerCommand = (args: readonly unknown[], token: CancellationToken) => unknown

/** `workspace/executeCommand`: the commands in `context.serverCommands`, and *Explain* of a rule. */
export function registerExecuteCommand(connection: Connection, context: ServerContext): void {
  const { serverCommands } = context
  serverCommands.set(SERVER_COMMANDS.explainRule, ([name]) => explainRule(connection, name))
  connection.onExecuteCommand(({ command, arguments: args = [] }, token): unknown => {
    const run = serverCommands.get(command)
    return run
      ? run(args, token)
      : new ResponseError(ErrorCodes.InvalidParams, `The server has no command ${command}.`)
  })
}

async function explainRule(connection: Connection, name: unknown): Promise<unknown> {
  const rule = await ruleInWords(name)
  if (!rule) return new ResponseError(ErrorCodes.InvalidParams, `There is no rule ${String(name)}.`)
  void connection.sendNotification(ShowMessageNotification.type, {
    type: MessageType.Info,
    message: rule.text,
  })
  return rule.page
}
