// `npm run docs`: writes the registry of the rules and their pages, the table of rules, and the bad example of every rule's page as a mesh of the showcase.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { pagesText, readRuleFiles, registryText, RULES_FOLDER } from './ruleFiles.mjs'

const rules = readRuleFiles()
writeFileSync(`${RULES_FOLDER}registry.ts`, await registryText(rules))
writeFileSync(`${RULES_FOLDER}pages.ts`, await pagesText(rules))

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const source = `
  export { RULE_CATALOGUE } from ${JSON.stringify(here('../shared/src/rules/catalogue.ts'))}
  export { docsOf } from ${JSON.stringify(here('../shared/src/rules/docsOf.ts'))}
  export { withRulesTable } from ${JSON.stringify(here('../shared/src/docs/rulesTable.ts'))}
`
const { outputFiles } = await build({
  stdin: { contents: source, resolveDir: here('..') },
  bundle: true,
  format: 'esm',
  platform: 'node',
  write: false,
  logLevel: 'warning',
})
const { docsOf, RULE_CATALOGUE, withRulesTable } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
)
const readme = here('../README.md')
writeFileSync(readme, withRulesTable(readFileSync(readme, 'utf8'), RULE_CATALOGUE))

// One folder a rule: each is a mesh of its own.
const showcase = here('../test-fixtures/showcase')
rmSync(showcase, { recursive: true, force: true })
for (const rule of RULE_CATALOGUE) {
  const { name } = rule
  mkdirSync(`${showcase}/${name}`, { recursive: true })
  writeFileSync(`${showcase}/${name}/mesh.yaml`, docsOf(rule).bad)
}
