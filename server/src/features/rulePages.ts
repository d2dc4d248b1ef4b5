import { RULE_CATALOGUE, RULE_PAGE_SCHEME, rulePage, rulePageUri, RULES_REQUEST, type RuleSummary } from '@istio-ambient-policy/shared'
import type { Connection, ServerCapabilities } from 'vscode-languageserver'
import type { ClientAbilities } from './clientAbilities.js'

/** Where a client can read the page of a rule; undefined for what has none. */
export function rulePageOf({ textDocumentContent, rulePages }: ClientAbilities): (rule: string) => string | undefined {
  const names = new Set(RULE_CATALOGUE.map(({ name }) => name))
  return (rule) => {
    if (!names.has(rule)) return undefined
    return textDocumentContent ? rulePageUri(rule) : rulePages?.replaceAll('{rule}', rule)
  }
}

/** `workspace/textDocumentContent`: the pages of the rules, without a network; and the list of them. */
export function registerRulePages(connection: Connection): ServerCapabilities['workspace'] {
  connection.workspace.textDocumentContent.on(({ uri }) => {
    const rule = RULE_CATALOGUE.find(({ name }) => rulePageUri(name) === uri)
    return { text: rule ? rulePage(rule) : '# There is no such rule\n' }
  })
  connection.onRequest(RULES_REQUEST, () => RULE_CATALOGUE.map(({ name, level, docs }): RuleSummary => ({ name, level, summary: docs.summary })))
  return { textDocumentContent: { schemes: [RULE_PAGE_SCHEME] } }
}
