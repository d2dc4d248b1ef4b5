import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { RULE_CATALOGUE } from '../rules/catalogue.js'
import { docsOf } from '../rules/docsOf.js'
import { readFixture } from '../testing/fixtureFiles.js'
import { analyse, findingsOf } from '../testing/index.js'

const FOLDER = new URL('../../../test-fixtures/showcase/', import.meta.url)

it('the showcase has one folder for each rule, and no other (repair: npm run docs)', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(RULE_CATALOGUE.map(({ name }) => name).sort())
})

it.each(RULE_CATALOGUE.map((rule) => [rule.name, docsOf(rule).bad] as const))(
  '%s fires on its mesh, which is the example of its page',
  (name, bad) => {
    const mesh = readFixture(`showcase/${name}/mesh.yaml`)
    expect(mesh).toBe(bad)
    expect(findingsOf(analyse({ 'mesh.yaml': mesh })).map(({ rule }) => rule)).toContain(name)
  },
)
