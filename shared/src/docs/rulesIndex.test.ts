import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { RULE_CATALOGUE } from '../rules/catalogue.js'
import { rulePage } from './rulePage.js'
import { rulesIndex } from './rulesIndex.js'

const FOLDER = new URL('../../../docs/rules/', import.meta.url)
const read = (file: string): string => readFileSync(new URL(file, FOLDER), 'utf8')

it('docs/rules has the index and one page for each rule, and no other file (repair: npm run docs)', () => {
  const pages = RULE_CATALOGUE.map(({ name }) => `${name}.md`)
  expect(readdirSync(FOLDER).sort()).toEqual(['README.md', ...pages].sort())
})

it('docs/rules/README.md lists every rule (repair: npm run docs)', () => {
  expect(read('README.md')).toBe(rulesIndex(RULE_CATALOGUE))
})

it.each(RULE_CATALOGUE.map((rule) => [rule.name, rule] as const))(
  'docs/rules/%s.md is the page of the rule (repair: npm run docs)',
  (name, rule) => {
    expect(read(`${name}.md`)).toBe(rulePage(rule))
  },
)
