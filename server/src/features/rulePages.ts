import {
  RULE_CATALOGUE,
  rulePageUri,
  RULES_REQUEST,
  type RuleSummary,
} from '@istio-ambient-policy/shared'
import type { Connection } from 'vscode-languageserver'
import type { ClientAbilities } from './clientAbilities.js'

/** Where a client can read the page of a rule; undefined for what has none. */
export function rulePageOf({
  textDocumentContent,
  rulePages,
}: ClientAbilities): (rule: string) => string | undefined {
  const names = new Set(RULE_CATALOGUE.map(({ name }) => name))
  return (rule) => {
    if (!names.has(rule)) return undefined
    return textDocumentContent ? rulePageUri(rule) : rulePages?.replaceAll('{rule}', rule)
  }
}

/** The page of a rule, without a network; undefined for the URI of another document. */
export async function rulePageText(uri: string): Promise<string | undefined> {
  const rule = RULE_CATALOGUE.find(({ name }) => rulePageUri(name) === uri)
  return rule && (await pages()).rulePage(rule)
}

/** `istioAmbientPolicy/rules`: the list of the rules that have a page. */
export function registerRules(connection: Connection): void {
  connection.onRequest(RULES_REQUEST, async () => {
    const { docsOf } = await pages()
    return RULE_CATALOGUE.map((rule): RuleSummary => ({
      name: rule.name,
      level: rule.level,
      summary: docsOf(rule).summary,
    }))
  })
}

/** Loaded when somebody asks for them: most sessions never do. */
function pages() {
  return import('@istio-ambient-policy/shared/pages')
}
