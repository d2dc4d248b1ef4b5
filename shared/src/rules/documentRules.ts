import { documentRule, type DocumentRule } from './rule.js'

export const HEREDOC_DEBRIS = documentRule({
  name: 'heredoc-debris',
  level: 'error',
  docs: {
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
  },
})

export const YAML_SYNTAX = documentRule({
  name: 'yaml-syntax',
  level: 'error',
  docs: {
    summary: 'A document that would be a Kubernetes object is not valid YAML.',
    why: 'The API server refuses it; what the document would enforce is not enforced. Templates are recognised and never reported.',
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
  },
})

/** Every rule about a document's text. */
export const DOCUMENT_RULES: readonly DocumentRule[] = [HEREDOC_DEBRIS, YAML_SYNTAX]
