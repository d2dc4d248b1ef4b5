import { docsOf } from '../rules/docsOf.js'
import type { DocumentRule } from '../rules/rule.js'

/** The page that lists all rules, in Markdown. The page of each rule is `<name>.md` beside it. */
export function rulesIndex(rules: readonly DocumentRule[]): string {
  const rows = rules.map(
    ({ name, level }) =>
      `| [\`${name}\`](${name}.md) | ${level} | ${docsOf({ name }).summary.replaceAll('|', '\\|')} |`,
  )
  return `${INTRODUCTION}\n${['| rule | level | finds |', '| --- | --- | --- |', ...rows].join('\n')}\n`
}

const INTRODUCTION = `# Rules

Each rule has a page: why it matters, a bad and a good example, how to fix it, and the source that proves it. In a
terminal, \`ambient-policy rules NAME\` prints the page. In VS Code, the command *Explain a Rule* opens it.

You can change the level of a rule, or turn it off, with the setting [\`rules\`](../settings.md).
`
