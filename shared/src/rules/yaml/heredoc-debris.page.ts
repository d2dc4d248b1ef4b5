import type { RuleDocs } from '../rule.js'

export const heredocDebrisPage: RuleDocs = {
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
