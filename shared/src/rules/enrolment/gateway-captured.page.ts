import type { RuleDocs } from '../rule.js'

const gateway = (label: string, mark = ''): string => `apiVersion: v1
kind: Namespace
metadata:
  name: edge
  labels:
    istio.io/dataplane-mode: ambient
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: door${mark}
  namespace: edge
spec:
  selector:
    matchLabels:
      app: door
  template:
    metadata:
      labels:
        app: door
${label}    spec:
      serviceAccountName: door
      containers:
        - name: istio-proxy
          image: docker.io/istio/proxyv2:1.30.0
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: public
  namespace: edge
spec:
  selector:
    app: door
  servers:
    - hosts: ["shop.example.com"]
      port:
        number: 80
        name: http
        protocol: HTTP
`

export const gatewayCapturedPage: RuleDocs = {
  summary: 'ztunnel captures the pods of an Istio gateway, and their connections fail.',
  why: 'A gateway of Istio sends HBONE itself. If its pods are in ambient mode, ztunnel captures this traffic and wraps it into HBONE again, which does not work. istiod and the charts opt gateways out with the label `istio.io/dataplane-mode: none`. Manifests of your own, and a label on a Gateway or in its `infrastructure`, can undo this.',
  bad: gateway('', ' # ←'),
  good: gateway('        istio.io/dataplane-mode: none\n'),
  fix: 'Set `istio.io/dataplane-mode: none` on the pod template, or on the Gateway.',
  references: [
    'istio/istio pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go:470-486',
    'istio/istio manifests/charts/gateway/values.yaml:120',
    'https://github.com/istio/istio/issues/54824',
  ],
}
