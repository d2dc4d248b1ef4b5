import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { RULE_CATALOGUE } from '../rules/catalogue.js'
import { withRulesTable } from './rulesTable.js'

it('stands in the README as it is generated (repair: npm run docs)', () => {
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8')
  expect(readme).toContain('<!-- rules:begin')
  expect(readme).toBe(withRulesTable(readme, RULE_CATALOGUE))
})
