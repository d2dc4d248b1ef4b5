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
      .map(([code, sameRules]) => `${code}: \`${sameRules.join('`, `')}\``)
      .join('; ')})`,
)

export const unusedSuppressionPage: RuleDocs = {
  summary: 'This ignore comment is not needed.',
  why: `\`# ambient-policy-ignore <rule> -- <reason>\` suppresses the findings of a rule on its own line. A comment on a separate line suppresses those on the next line, and a comment before the first line of a document those in the whole document.

If the problem is fixed, the comment is no longer needed, and it would hide the next finding of the same rule. Often the name of the rule is misspelt. Comments for rules that a setting turns off are not reported.

The editor adds a comment with the word \`reason\`. Such a comment has no effect until you write the reason.

Annotations with which other analysers ignore an object also suppress the same findings here: ${FOREIGN_CODES.join(', ')}. They are never reported as unused.`,
  bad: `# ambient-policy-ignore selector-matches-nothing -- the workload comes with the next release
${NAMESPACE}`,
  good: NAMESPACE,
  fix: 'Remove the comment, correct the name of the rule, or write the reason.',
  references: [
    'istio/istio pkg/config/analysis/local/istiod_analyze.go (filterMessages)',
    'https://istio.io/latest/docs/reference/config/annotations/',
  ],
}
