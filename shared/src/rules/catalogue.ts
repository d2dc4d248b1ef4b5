import type { ResourceType } from '../resources/resource.js'
import { ALL_RULES, DOCUMENT_RULES } from './registry.js'
import type { DocumentRule, Rule } from './rule.js'
import { addToGroup } from '../text/collections.js'

/** Every rule that has a page, sorted by name: the names that settings and ignore comments accept. */
export const RULE_CATALOGUE: readonly DocumentRule[] = [...ALL_RULES, ...DOCUMENT_RULES].sort(
  (a, b) => (a.name < b.name ? -1 : 1),
)

/** The rules that check each type of object. */
export const RULES_BY_SUBJECT: ReadonlyMap<ResourceType, readonly Rule[]> = bySubject()

function bySubject(): Map<ResourceType, Rule[]> {
  const result = new Map<ResourceType, Rule[]>()
  for (const rule of ALL_RULES) {
    for (const type of rule.subjects) addToGroup(result, type, rule)
  }
  return result
}
