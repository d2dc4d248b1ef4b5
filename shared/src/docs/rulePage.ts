import { docsOf } from '../rules/docsOf.js'
import type { DocumentRule } from '../rules/rule.js'

// Rule pages are exported here and not from the main index, so that programs without pages do not load them.
export { docsOf }

/** The page of a rule, in Markdown. */
export function rulePage({ name, level }: DocumentRule): string {
  const docs = docsOf({ name })
  const sections = [
    `# ${name}`,
    docs.summary,
    `Level: **${level}**`,
    section('Why', docs.why),
    section('Bad', yamlBlock(docs.bad)),
    section('Good', yamlBlock(docs.good)),
    section('How to fix it', docs.fix),
    ...(docs.versions === undefined ? [] : [section('Istio releases', docs.versions)]),
    section('Ignore it', waysToIgnore(name)),
    section('References', docs.references.map((reference) => `- ${reference}`).join('\n')),
  ]
  return `${sections.join('\n\n')}\n`
}

function waysToIgnore(rule: string): string {
  return [
    'For one place, with the reason, in a comment above it:',
    yamlBlock(`# ambient-policy-ignore ${rule} -- reason`),
    'Everywhere, in `.ambient-policy.yaml`:',
    yamlBlock(`rules:\n  ${rule}: off`),
  ].join('\n\n')
}

function section(title: string, text: string): string {
  return `## ${title}\n\n${text.trim()}`
}

function yamlBlock(text: string): string {
  return `\`\`\`yaml\n${text.trimEnd()}\n\`\`\``
}
