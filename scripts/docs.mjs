// npm run docs: writes the generated files: the registry and the pages of the rules, parts of the documents, the
// showcase.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { build } from 'esbuild'
import { documents, ROOT } from './docs/documents.mjs'
import { pagesText, readRuleFiles, registryText, RULES_FOLDER } from './ruleFiles.mjs'

const rules = readRuleFiles()
writeFileSync(`${RULES_FOLDER}registry.ts`, await registryText(rules))
writeFileSync(`${RULES_FOLDER}pages.ts`, await pagesText(rules))

const bundle = `${ROOT}.build/docs.cjs`
await build({
  entryPoints: [`${ROOT}scripts/docs/sources.mjs`],
  outfile: bundle,
  bundle: true,
  format: 'cjs',
  platform: 'node',
  logLevel: 'warning',
})
const sources = createRequire(import.meta.url)(bundle)
const { docsOf, rulePage, rulesIndex, RULE_CATALOGUE } = sources

for (const [file, text] of Object.entries(await documents(sources)))
  writeFileSync(`${ROOT}${file}`, text)

const pages = emptyFolder(`${ROOT}docs/rules`)
writeFileSync(`${pages}/README.md`, rulesIndex(RULE_CATALOGUE))
for (const rule of RULE_CATALOGUE) writeFileSync(`${pages}/${rule.name}.md`, rulePage(rule))

// In the showcase, the bad example of each rule is one mesh.
const showcase = emptyFolder(`${ROOT}test-fixtures/showcase`)
for (const { name } of RULE_CATALOGUE) {
  mkdirSync(`${showcase}/${name}`)
  writeFileSync(`${showcase}/${name}/mesh.yaml`, docsOf({ name }).bad)
}

function emptyFolder(path) {
  rmSync(path, { recursive: true, force: true })
  mkdirSync(path, { recursive: true })
  return path
}
