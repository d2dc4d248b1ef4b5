// `npm run new-rule SUBJECT/NAME`: writes a rule, its page and its test, and lists the rule in the generated registry. For example `npm run new-rule waypoint/waypoint-asleep`.
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { identifierOf, pagesText, readRuleFiles, registryText, RULES_FOLDER } from './ruleFiles.mjs'

const NAME = /^[a-z0-9]+(-[a-z0-9]+)+$/

/** Why no rule can be made of the argument; undefined where one can. */
export function problemOf(argument, folder = RULES_FOLDER) {
  const subjects = subjectsIn(folder)
  const [subject, name, ...rest] = (argument ?? '').split('/')
  if (!subject || !name || rest.length > 0)
    return `Say which rule: npm run new-rule SUBJECT/NAME, where SUBJECT is ${subjects.join(', ')}.`
  if (!subjects.includes(subject))
    return `There is no subject ${subject}. The subjects are ${subjects.join(', ')}.`
  if (!NAME.test(name))
    return `${name} is no rule name: write lower-case words joined by dashes, two at least.`
  const taken = readRuleFiles(folder).find((rule) => rule.name === name)
  return taken && `There is a rule ${name} already, in ${taken.subject}.`
}

function subjectsIn(folder) {
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  )
  return folders.map(({ name }) => name).filter((name) => !['fixes', 'support'].includes(name))
}

/** The three files of a new rule: name of the file → text. */
export function filesOf(name) {
  const identifier = identifierOf(name)
  return {
    [`${name}.ts`]: `import { defineRule } from '../rule.js'

export const ${identifier} = defineRule({
  name: '${name}',
  level: 'warning',
  subjects: ['AuthorizationPolicy'],
  reads: [],
  check(policy, { report }) {
    if (policy.name !== 'replace-this-condition') return
    report({ message: 'Say the consequence first.', path: ['metadata', 'name'] })
  },
})
`,
    [`${name}.page.ts`]: `import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

export const ${identifier}Page: RuleDocs = {
  summary: 'One sentence: what is wrong.',
  why: 'What really happens, and why.',
  bad: \`\${AMBIENT_SHOP}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: replace-this-condition # ←
  namespace: shop
spec: {}
\`,
  good: AMBIENT_SHOP,
  fix: 'How to repair it.',
  references: ['istio/istio pilot/pkg/…'],
}
`,
    [`${name}.test.ts`]: `import { expect, it } from 'vitest'
import { analyse, findingsOf } from '../../testing/index.js'
import { ${identifier}Page } from './${name}.page.js'
import { ${identifier} } from './${name}.js'

const found = (text: string): string[] =>
  findingsOf(analyse(text))
    .filter(({ rule }) => rule === ${identifier}.name)
    .map(({ message }) => message)

it('${name} finds the mistake of its page', () => {
  expect(found(${identifier}Page.bad)).toEqual(['Say the consequence first.'])
})

it('${name} finds nothing where the mistake is mended', () => {
  expect(found(${identifier}Page.good)).toEqual([])
})
`,
  }
}

async function main(argument) {
  const problem = problemOf(argument)
  if (problem) {
    console.error(problem)
    process.exitCode = 2
    return
  }
  const [subject, name] = argument.split('/')
  for (const [file, text] of Object.entries(filesOf(name))) {
    const path = `${RULES_FOLDER}${subject}/${file}`
    if (existsSync(path)) throw new Error(`${path} exists already.`)
    writeFileSync(path, text)
    console.log(`shared/src/rules/${subject}/${file}`)
  }
  const rules = readRuleFiles()
  writeFileSync(`${RULES_FOLDER}registry.ts`, await registryText(rules))
  writeFileSync(`${RULES_FOLDER}pages.ts`, await pagesText(rules))
  console.log('Write the rule, then run `npm run docs` and `npm run test:fast`.')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(process.argv[2])
