import type { RuleDocs } from '../rule.js'

const front = (label: string): string => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: front
  namespace: edge
spec:
  gatewayClassName: istio
  addresses:
    - type: Hostname
      value: front.edge.svc.cluster.local
  listeners:
    - name: http
      port: 80
      protocol: HTTP
---
apiVersion: v1
kind: Service
metadata:
  name: front
  namespace: edge
spec:
  selector:
    app: front
  ports:
    - name: http
      port: 80
      targetPort: 8080
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: front
  namespace: edge
spec:
  selector:
    matchLabels:
      app: front
  template:
    metadata:
      labels:
        app: front
        istio: ingressgateway
${label}    spec:
      containers:
        - name: istio-proxy
          image: auto
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: web
  namespace: edge
spec:
  parentRefs:
    - name: front
  rules:
    - backendRefs:
        - name: web
          port: 80
---
`

const policy = (mark = ''): string => `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: office-only
  namespace: edge
spec:
  targetRefs:
    - kind: Gateway
      group: gateway.networking.k8s.io
      name: front${mark}
  action: ALLOW
  rules:
    - from:
        - source:
            remoteIpBlocks: ["198.51.100.0/24"]
`

export const gatewayPodsUnlabelledPage: RuleDocs = {
  summary: 'A policy targets a Gateway whose pods do not have its name: it is not enforced.',
  why: `istiod deploys the pods of a Gateway, unless \`spec.addresses\` has a host name or several addresses. Then a user deploys them, and only their labels tell istiod which Gateway they belong to. A proxy without the label \`gateway.networking.k8s.io/gateway-name\` ignores every policy with \`targetRefs\`. Requests then pass without any check. A label of the Deployment itself does not count.`,
  bad: `${front('')}${policy(' # ← its pods do not have its name')}`,
  good: `${front('        gateway.networking.k8s.io/gateway-name: front\n')}${policy()}`,
  fix: 'Add the label with the name of the Gateway to the pod template, or select the pods with `selector` in place of `targetRefs`.',
  references: [
    'istio/istio pilot/pkg/model/policyattachment.go:123-201',
    'istio/istio pilot/pkg/config/kube/gatewaycommon/gateway_utils.go:64-78',
  ],
}
