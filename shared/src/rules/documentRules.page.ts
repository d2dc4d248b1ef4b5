import { FOREIGN_ANALYSERS } from './foreignSuppressions.js'
import type { RuleDocs } from './rule.js'

const NAMESPACE = `apiVersion: v1
kind: Namespace
metadata:
  name: shop
`

const FOREIGN_CODES = FOREIGN_ANALYSERS.map(({ annotation, rules }) => `\`${annotation}\` (${Object.entries(rules).map(([code, same]) => `${code}: \`${same.join('`, `')}\``).join('; ')})`)

export const HEREDOC_DEBRIS_PAGE: RuleDocs = {
  summary: 'A line of a shell here-document was copied into the manifest.',
  why: 'Documentation shows manifests as `kubectl apply -f - <<EOF … EOF`. When the closing `EOF` (or the command) is copied too, it stands at column 0 of the YAML, where it is neither a key nor part of a scalar, and `kubectl apply -f` refuses the whole document.',
  bad: `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: strict
  namespace: shop
spec:
  mtls:
    mode: STRICT
EOF
`,
  good: `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: strict
  namespace: shop
spec:
  mtls:
    mode: STRICT
`,
  fix: 'Remove the line.',
  references: ['YAML 1.2.2 §8.2.2'],
}

export const YAML_SYNTAX_PAGE: RuleDocs = {
  summary: 'A document that would be a Kubernetes object is not valid YAML.',
  why: 'The API server refuses it; what the document would enforce is not enforced. Templates are recognised and never reported. A document that is nested too deeply, or too large, is not read, and an information says so.',
  bad: `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: strict
  namespace: shop
spec:
  mtls: {mode: STRICT
`,
  good: `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: strict
  namespace: shop
spec:
  mtls: {mode: STRICT}
`,
  fix: 'Repair the YAML at the marked place.',
  references: ['YAML 1.2.2'],
}

export const UNUSED_SUPPRESSION_PAGE: RuleDocs = {
  summary: 'A comment suppresses findings of a rule that finds nothing there.',
  why: `\`# ambient-policy-ignore <rule> -- <reason>\` suppresses the findings of a rule on the line of the comment, or on the next one where it stands alone, or in the whole document where it stands before its first line. Once what it was written for is repaired, the comment is left over, and hides the next finding of the same rule. Often the name of the rule is only mistyped. Nothing is said of rules that a setting turns off.

Annotations by which other analysers are silent about an object also silence what is found here of the same meaning: ${FOREIGN_CODES.join(', ')}. They are never reported as unused.`,
  bad: `# ambient-policy-ignore selector-matches-nothing -- the workload comes with the next release
${NAMESPACE}`,
  good: NAMESPACE,
  fix: 'Remove the comment, or correct the name of the rule.',
  references: ['istio/istio pkg/config/analysis/local/istiod_analyze.go (filterMessages)', 'https://istio.io/latest/docs/reference/config/annotations/'],
}
