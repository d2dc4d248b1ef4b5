import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

export const trustDomainsIgnoredPage: RuleDocs = {
  summary:
    'ztunnel ignores `trustDomains` and `notTrustDomains`: a source matches more, or nothing.',
  why: `Envoy enforces these fields. istiod silently drops them for ztunnel: the policy's status has \`ZtunnelAccepted: True\` with reason \`Accepted\`, because the fields do not count as HTTP attributes. A source with other fields then **matches more than intended**. A source without other fields is empty and **never matches**: an ALLOW allows nothing, a DENY denies nothing. Beside \`namespaces\`, \`principals\` or \`serviceAccounts\` the trust domain of the mesh changes nothing: the finding is then an information.

(The condition \`source.trustDomain\` does count as an HTTP attribute: ztunnel drops the whole ALLOW rule.)`,
  bad: `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-web
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: ALLOW
  rules:
    - from:
        - source:
            ipBlocks: ["10.0.0.0/8"]
            trustDomains: ["cluster.local"] # ← ignored by ztunnel
`,
  good: `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-web
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: ALLOW
  rules:
    - from:
        - source:
            ipBlocks: ["10.0.0.0/8"]
            principals: ["cluster.local/*"]
`,
  fix: 'Use `principals` with the trust domain: `cluster.local/*`. At ztunnel every client has the trust domain of the mesh; other clients fail in the TLS handshake, before any policy is evaluated.',
  versions: 'The fields exist since 1.30.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/authorization.go:526-543, 609-618',
    'istio/ztunnel src/tls/workload.rs:60-97',
  ],
}
