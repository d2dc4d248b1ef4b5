import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP, service, storefront } from '../support/examples.js'

const edge = (mark: string, more = ''): string => `${AMBIENT_SHOP}${API}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: shop-clients
  namespace: shop
spec:
  action: ALLOW
  rules:
    - from:
        - source:
            namespaces: ["shop"]
---
${more}${storefront(mark)}`

const API = service('api', '      port: 80\n      targetPort: 8080\n')

const ALLOW_GATEWAY = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-ingress
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: ALLOW
  rules:
    - from:
        - source:
            serviceAccounts:
              - ingress/storefront-istio
      to:
        - operation:
            ports:
              - "8080"
---
`

export const ingressDeniedPage: RuleDocs = {
  summary: 'A route sends ingress traffic to pods whose policies do not allow the gateway.',
  why: 'For ztunnel, the client of ingress traffic is the gateway, with the service account of its own pods. The ALLOW policies of the pods do not name this identity, so ztunnel closes each connection and the gateway answers 503. The service account of a Gateway that Istio deploys is the name of the Gateway with that of its class: `storefront-istio`.',
  bad: edge(' # ←'),
  good: edge('', ALLOW_GATEWAY),
  fix: 'Add an ALLOW policy with the service account of the gateway. To allow only some clients of the gateway, use a policy with `targetRefs` to the Gateway itself.',
  references: [
    'istio/ztunnel src/state.rs (assert_rbac)',
    'https://github.com/istio/istio/issues/51896',
    'https://github.com/istio/istio/issues/53723',
  ],
}
