import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

export const trustDomainsIgnoredPage: RuleDocs = {
  summary: 'A source names trust domains, which ztunnel does not look at.',
  why: `The fields are enforced by Envoy. For ztunnel istiod leaves them out without a word: the status stays \`Accepted\`, and they do not count as HTTP attributes. A source that has other fields is then **wider than written**; a source that has nothing else is empty and **never matches**, so an ALLOW admits nobody by it and a DENY stops nobody.

(The condition \`source.trustDomain\` does count as an HTTP attribute: the whole rule of an ALLOW is dropped for it.)`,
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
            namespaces: ["web"]
            trustDomains: ["cluster.local"]
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
            namespaces: ["web"]
            principals: ["cluster.local/*"]
`,
  fix: 'Name the trust domain in `principals`: `cluster.local/*`. At ztunnel every client has the trust domain of the mesh, others fail the TLS handshake before any policy is looked at.',
  versions: 'The fields exist since 1.30.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/authorization.go:526-543, 609-618',
    'istio/ztunnel src/tls/workload.rs:60-97',
  ],
}
