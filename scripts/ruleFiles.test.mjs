import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { identifierOf, pagesText, readRuleFiles, registryText, RULES_FOLDER } from './ruleFiles.mjs'

const read = (file) => readFileSync(`${RULES_FOLDER}${file}`, 'utf8')

it('the registry contains the rule of each file (to update it: npm run docs)', async () => {
  expect(read('registry.ts')).toBe(await registryText(readRuleFiles()))
})

it('the list of pages contains the page of each rule (to update it: npm run docs)', async () => {
  expect(read('pages.ts')).toBe(await pagesText(readRuleFiles()))
})

it('the name of a rule becomes an identifier', () => {
  expect(identifierOf('l7-allow-rule-dropped')).toBe('l7AllowRuleDropped')
})
