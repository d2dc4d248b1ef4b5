import { DOCUMENT_RULES } from './documentRules.js'
import { ALL_RULES } from './registry.js'
import type { DocumentRule } from './rule.js'

/** Every rule that has a page, sorted by name: what settings and suppressions may name. */
export const RULE_CATALOGUE: readonly DocumentRule[] = [...ALL_RULES, ...DOCUMENT_RULES].sort((a, b) => (a.name < b.name ? -1 : 1))
