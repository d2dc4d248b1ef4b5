import type { ResourceType } from '../resources/resource.js'
import { l7AllowRuleDropped } from './l7-allow-rule-dropped.js'
import type { Rule } from './rule.js'

/** Every rule, sorted by name. */
export const ALL_RULES: readonly Rule[] = [
  l7AllowRuleDropped,
]

/** The rules that speak of each type of object. */
export const RULES: ReadonlyMap<ResourceType, readonly Rule[]> = bySubject()

function bySubject(): Map<ResourceType, Rule[]> {
  const result = new Map<ResourceType, Rule[]>()
  for (const rule of ALL_RULES) {
    for (const type of rule.subjects) result.set(type, [...(result.get(type) ?? []), rule])
  }
  return result
}
