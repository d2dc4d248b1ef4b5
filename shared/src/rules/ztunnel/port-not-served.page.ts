import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

const SERVICE = `apiVersion: v1
kind: Service
metadata:
  name: api
  namespace: shop
spec:
  selector:
    app: api
  ports:
    - name: http
      port: 80
      targetPort: 8080
---
`

const allowPort = (port: number): string => `apiVersion: security.istio.io/v1
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
            serviceAccounts: ["shop/web"]
      to:
        - operation:
            ports: ["${String(port)}"]
`

export const portNotServedPage: RuleDocs = {
  summary: 'A policy names a port that none of its targets has.',
  why: 'One connection has two ports. A waypoint compares `ports` and `destination.port` with the port of the **Service** that the client has dialled; the ztunnel of the pod compares them with the port of the **container**. A policy that names the other one never sees it: an ALLOW admits nobody by it, a DENY stops nobody.',
  bad: `${AMBIENT_SHOP}${SERVICE}${allowPort(80)}`,
  good: `${AMBIENT_SHOP}${SERVICE}${allowPort(8080)}`,
  fix: 'Without `targetRefs`, name the container port (the `targetPort` of the Service). With `targetRefs` to what a waypoint serves, name the port of the Service.',
  references: [
    'istio/ztunnel src/proxy/inbound.rs (find_inbound_upstream)',
    'istio/istio pilot/pkg/xds/filters/filters.go:259-279',
  ],
}
