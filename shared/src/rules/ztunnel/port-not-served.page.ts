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

const allowPort = (port: number, mark = ''): string => `apiVersion: security.istio.io/v1
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
            ports: ["${String(port)}"]${mark}
`

export const portNotServedPage: RuleDocs = {
  summary: 'A port of the policy never matches: its workloads or Services do not have it.',
  why: 'A connection has two ports. A waypoint compares `ports` and `destination.port` with the port of the **Service**; the ztunnel of the pod compares them with the port of the **container**. A policy with the other port never matches: an ALLOW rule allows nothing, a DENY rule denies nothing.',
  bad: `${AMBIENT_SHOP}${SERVICE}${allowPort(80, ' # ← the Service port')}`,
  good: `${AMBIENT_SHOP}${SERVICE}${allowPort(8080)}`,
  fix: 'Without `targetRefs`, use the container port (the `targetPort` of the Service). With `targetRefs`, use the port of the Service.',
  references: [
    'istio/ztunnel src/proxy/inbound.rs (find_inbound_upstream)',
    'istio/istio pilot/pkg/xds/filters/filters.go:259-279',
  ],
}
