import { rulePageUri, RULES_REQUEST, type RuleSummary } from '@istio-ambient-policy/shared'
import { commands, type Disposable, l10n, Uri, window } from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'
import { OPEN_RULE_COMMAND } from './commandNames.js'

/**
 * Explain a Rule*: opens the page of a rule, which the server provides. Without an argument, the user chooses the
 * rule.
 */
export function registerOpenRule(client: BaseLanguageClient): Disposable {
  return commands.registerCommand(OPEN_RULE_COMMAND, async (rule: unknown) => {
    const name = typeof rule === 'string' ? rule : await pickRule(client)
    if (name !== undefined)
      await commands.executeCommand('markdown.showPreview', Uri.parse(rulePageUri(name), true))
  })
}

async function pickRule(client: BaseLanguageClient): Promise<string | undefined> {
  const rules = await client.sendRequest<readonly RuleSummary[]>(RULES_REQUEST)
  const items = rules.map(({ name, level, summary }) => ({
    label: name,
    description: level,
    detail: summary,
  }))
  return (await window.showQuickPick(items, { placeHolder: l10n.t('Rule'), matchOnDetail: true }))
    ?.label
}
