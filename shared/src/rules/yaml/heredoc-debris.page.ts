import type { RuleDocs } from '../rule.js'

export const heredocDebrisPage: RuleDocs = {
  summary: 'A line is left over from a shell heredoc: the YAML is invalid.',
  why: 'Documentation often shows manifests as `kubectl apply -f - <<EOF … EOF`. If the closing `EOF` or the command is copied too, it is at column 0 of the YAML, where it is neither a key nor part of a value. `kubectl apply -f` then rejects the whole document.',
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
