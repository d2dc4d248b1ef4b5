import { rulePageUri, RULES_REQUEST, type RuleSummary } from '@istio-ambient-policy/shared'
import { commands, Disposable, Uri, window } from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'

export const OPEN_RULE_COMMAND = 'istioAmbientPolicy.openRule'

/** Registers every command that `package.json` contributes. */
export function registerCommands(client: LanguageClient): Disposable {
  return Disposable.from(
    commands.registerCommand(OPEN_RULE_COMMAND, (rule: unknown) => openRule(client, rule)),
    commands.registerCommand('istioAmbientPolicy.restartServer', () => client.restart()),
    commands.registerCommand('istioAmbientPolicy.showOutput', () => {
      client.outputChannel.show()
    }),
  )
}

/** Opens the page of a rule, which the server provides; asks which where it is not said. */
async function openRule(client: LanguageClient, rule: unknown): Promise<void> {
  const name = typeof rule === 'string' ? rule : await pickRule(client)
  if (name !== undefined) await commands.executeCommand('markdown.showPreview', Uri.parse(rulePageUri(name), true))
}

async function pickRule(client: LanguageClient): Promise<string | undefined> {
  const rules = await client.sendRequest<readonly RuleSummary[]>(RULES_REQUEST)
  const items = rules.map(({ name, level, summary }) => ({ label: name, description: level, detail: summary }))
  return (await window.showQuickPick(items, { placeHolder: 'Which rule?', matchOnDetail: true }))?.label
}
