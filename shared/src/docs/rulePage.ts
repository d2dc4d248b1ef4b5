import { docsOf } from '../rules/docsOf.js'
import type { DocumentRule } from '../rules/rule.js'

// The door to the pages of the rules, which the one of the evaluator does not open: a program that needs none does not load them.
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
    section(
      'Ignore it',
      `For one place, with the reason, in a comment above it:\n\n${yamlBlock(`# ambient-policy-ignore ${name} -- reason`)}\n\nEverywhere, in \`.ambient-policy.yaml\`:\n\n${yamlBlock(`rules:\n  ${name}: off`)}`,
    ),
    section('References', docs.references.map((reference) => `- ${reference}`).join('\n')),
  ]
  return `${sections.join('\n\n')}\n`
}

function section(title: string, text: string): string {
  return `## ${title}\n\n${text.trim()}`
}

function yamlBlock(text: string): string {
  return `\`\`\`yaml\n${text.trimEnd()}\n\`\`\``
}
