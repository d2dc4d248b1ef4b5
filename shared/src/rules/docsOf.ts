import { RULE_PAGES } from './pages.js'
import type { DocumentRule, RuleDocs } from './rule.js'

/** The page of a rule. Throws where the rule has none, which the tests of the registry exclude. */
export function docsOf({ name }: Pick<DocumentRule, 'name'>): RuleDocs {
  const docs = RULE_PAGES[name]
  if (!docs) throw new Error(`The rule ${name} has no page.`)
  return docs
}
