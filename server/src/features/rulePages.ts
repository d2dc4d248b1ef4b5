import {
  RULE_CATALOGUE,
  rulePageUri,
  RULES_REQUEST,
  type RuleSummary,
} from '@istio-ambient-policy/shared'
import type { Connection } from 'vscode-languageserver'
import { RULE_PAGES, rulePageAddress } from '../rulePageAddress.js'
import type { ClientAbilities } from './clientAbilities.js'

/**
 * The address of the page of a rule for this client: a document of the server, the address that the client gives, or
 * the page on the web. Undefined if there is none.
 */
export function rulePageOf(
  { textDocumentContent, rulePages }: Pick<ClientAbilities, 'textDocumentContent' | 'rulePages'>,
  onTheWeb = RULE_PAGES,
): (rule: string) => string | undefined {
  const names = new Set(RULE_CATALOGUE.map(({ name }) => name))
  const pages = rulePages ?? onTheWeb
  return (rule) => {
    if (!names.has(rule)) return undefined
    if (textDocumentContent) return rulePageUri(rule)
    return pages === undefined ? undefined : rulePageAddress(pages, rule)
  }
}

/** The page of a rule; undefined if the URI is not of such a page. */
export async function rulePageText(uri: string): Promise<string | undefined> {
  const rule = RULE_CATALOGUE.find(({ name }) => rulePageUri(name) === uri)
  return rule && (await pages()).rulePage(rule)
}

/** What a rule says in a few words, and its page; undefined for another name. */
export async function ruleInWords(
  name: unknown,
): Promise<{ readonly text: string; readonly page: string } | undefined> {
  const rule = RULE_CATALOGUE.find((candidate) => candidate.name === name)
  if (!rule) return undefined
  const { docsOf, rulePage } = await pages()
  const { summary, fix } = docsOf(rule)
  return { text: `${rule.name}: ${summary}\n\n${fix}`, page: rulePage(rule) }
}

/** `istioAmbientPolicy/rules`: the list of all rules. */
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

/** The pages are loaded on the first request, because most sessions do not need them. */
function pages() {
  return import('@istio-ambient-policy/shared/pages')
}
