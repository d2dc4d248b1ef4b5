import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

const WEB = (mode: string): string => `apiVersion: v1
kind: Namespace
metadata:
  name: web
  labels:
    istio.io/dataplane-mode: ${mode}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: web
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      serviceAccountName: web
      containers:
        - name: web
          image: example/web
---
`

const policy = (mark = ''): string => `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: api-callers
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: ALLOW
  rules:
    - from:
        - source:
            serviceAccounts: ["web/web"]${mark}
`

export const principalOutsideMeshPage: RuleDocs = {
  summary:
    'A policy names a service account or a namespace, but all its workloads are outside the mesh.',
  why: 'A client has an identity only if ztunnel, a sidecar or a gateway opens the connection. Pods outside the mesh send plaintext, without a certificate and without an identity. An ALLOW that names their service account or their namespace does not allow them, and a DENY does not deny them.',
  bad: `${AMBIENT_SHOP}${WEB('none')}${policy(' # ← has no identity')}`,
  good: `${AMBIENT_SHOP}${WEB('ambient')}${policy()}`,
  fix: 'Add the workloads to ambient mode, or match their traffic by IP address or port.',
  references: [
    'istio/ztunnel src/proxy/inbound_passthrough.rs:156',
    'https://istio.io/latest/docs/ambient/usage/add-workloads/',
  ],
}
