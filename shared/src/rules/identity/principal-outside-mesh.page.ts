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

const POLICY = `apiVersion: security.istio.io/v1
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
            serviceAccounts: ["web/web"]
`

export const principalOutsideMeshPage: RuleDocs = {
  summary: 'A policy names a service account whose workloads are all outside the mesh.',
  why: 'A client has an identity only where ztunnel, a sidecar or a gateway opens the connection for it. Pods outside the mesh connect in plaintext: no certificate, no identity. An ALLOW that names their account does not admit them, and a DENY does not stop them.',
  bad: `${AMBIENT_SHOP}${WEB('none')}${POLICY}`,
  good: `${AMBIENT_SHOP}${WEB('ambient')}${POLICY}`,
  fix: 'Take the workloads into the mesh, or say by address or port what is meant.',
  references: [
    'istio/ztunnel src/proxy/inbound_passthrough.rs:156',
    'https://istio.io/latest/docs/ambient/usage/add-workloads/',
  ],
}
