import type { RuleDocs } from '../rule.js'
import { FOREIGN_ANALYSERS } from './foreignSuppressions.js'

const NAMESPACE = `apiVersion: v1
kind: Namespace
metadata:
  name: shop
`

const FOREIGN_CODES = FOREIGN_ANALYSERS.map(
  ({ annotation, rules }) =>
    `\`${annotation}\` (${Object.entries(rules)
      .map(([code, same]) => `${code}: \`${same.join('`, `')}\``)
      .join('; ')})`,
)

export const unusedSuppressionPage: RuleDocs = {
  summary: 'A comment suppresses findings of a rule that finds nothing there.',
  why: `\`# ambient-policy-ignore <rule> -- <reason>\` suppresses the findings of a rule on the line of the comment, or on the next one where it stands alone, or in the whole document where it stands before its first line. Once what it was written for is repaired, the comment is left over, and hides the next finding of the same rule. Often the name of the rule is only mistyped. Nothing is said of rules that a setting turns off.

Annotations by which other analysers are silent about an object also silence what is found here of the same meaning: ${FOREIGN_CODES.join(', ')}. They are never reported as unused.`,
  bad: `# ambient-policy-ignore selector-matches-nothing -- the workload comes with the next release
${NAMESPACE}`,
  good: NAMESPACE,
  fix: 'Remove the comment, or correct the name of the rule.',
  references: [
    'istio/istio pkg/config/analysis/local/istiod_analyze.go (filterMessages)',
    'https://istio.io/latest/docs/reference/config/annotations/',
  ],
}
