import { RULE_CATALOGUE, rulePage, rulePageUri, RULES_REQUEST, type RuleSummary } from '@istio-ambient-policy/shared'
import type { Connection } from 'vscode-languageserver'
import type { ClientAbilities } from './clientAbilities.js'

/** Where a client can read the page of a rule; undefined for what has none. */
export function rulePageOf({ textDocumentContent, rulePages }: ClientAbilities): (rule: string) => string | undefined {
  const names = new Set(RULE_CATALOGUE.map(({ name }) => name))
  return (rule) => {
    if (!names.has(rule)) return undefined
    return textDocumentContent ? rulePageUri(rule) : rulePages?.replaceAll('{rule}', rule)
  }
}

/** The page of a rule, without a network; undefined for the URI of another document. */
export function rulePageText(uri: string): string | undefined {
  const rule = RULE_CATALOGUE.find(({ name }) => rulePageUri(name) === uri)
  return rule && rulePage(rule)
}

/** `istioAmbientPolicy/rules`: the list of the rules that have a page. */
export function registerRules(connection: Connection): void {
  connection.onRequest(RULES_REQUEST, () => RULE_CATALOGUE.map(({ name, level, docs }): RuleSummary => ({ name, level, summary: docs.summary })))
}
