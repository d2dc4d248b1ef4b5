// npm run new-rule SUBJECT/NAME, such as waypoint/waypoint-asleep: writes a rule, its page and its test, and adds
// the rule to the generated registry.
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { identifierOf, pagesText, readRuleFiles, registryText, RULES_FOLDER } from './ruleFiles.mjs'

const NAME = /^[a-z0-9]+(-[a-z0-9]+)+$/

/** Why the argument is not valid; undefined if it is. */
export function problemOf(argument, folder = RULES_FOLDER) {
  const subjects = subjectsIn(folder)
  const [subject, name, ...rest] = (argument ?? '').split('/')
  if (!subject || !name || rest.length > 0)
    return `Usage: npm run new-rule SUBJECT/NAME. SUBJECT is ${subjects.join(', ')}.`
  if (!subjects.includes(subject))
    return `Unknown subject ${subject}. The subjects are ${subjects.join(', ')}.`
  if (!NAME.test(name))
    return `${name} is not a valid rule name: use two or more lower-case words with dashes between them.`
  const taken = readRuleFiles(folder).find((rule) => rule.name === name)
  return taken && `The rule ${name} already exists, in ${taken.subject}.`
}

function subjectsIn(folder) {
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  )
  return folders.map(({ name }) => name).filter((name) => !['fixes', 'support'].includes(name))
}

/** The three files of a new rule: file name → text. */
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
  why: 'What happens, and why.',
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

it('${name} reports the bad example of its page', () => {
  expect(found(${identifier}Page.bad)).toEqual(['Say the consequence first.'])
})

it('${name} reports nothing for the good example of its page', () => {
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
    if (existsSync(path)) throw new Error(`${path} already exists.`)
    writeFileSync(path, text)
    console.log(`shared/src/rules/${subject}/${file}`)
  }
  const rules = readRuleFiles()
  writeFileSync(`${RULES_FOLDER}registry.ts`, await registryText(rules))
  writeFileSync(`${RULES_FOLDER}pages.ts`, await pagesText(rules))
  console.log('Write the rule, then run `npm run docs` and `npm run test:fast`.')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(process.argv[2])
