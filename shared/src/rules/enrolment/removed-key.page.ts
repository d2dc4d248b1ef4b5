import type { RuleDocs } from '../rule.js'

const namespace = (label: string): string => `apiVersion: v1
kind: Namespace
metadata:
  name: books
  labels:
    istio.io/dataplane-mode: ambient
${label}---
`

const waypoint = (annotation: string): string => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: waypoint
  namespace: books
${annotation}spec:
  gatewayClassName: istio-waypoint
  listeners:
    - name: mesh
      port: 15008
      protocol: HBONE
`

export const removedKeyPage: RuleDocs = {
  summary: 'A label or an annotation that Istio does not read any more has no effect.',
  why: `Istio removed some keys, and some keys in guides never existed. Istio ignores them without a message:

- \`istio.io/for-service-account\` and \`istio.io/service-account\`: since 1.22 no waypoint is for one service account. A waypoint serves the Services and workloads that \`istio.io/use-waypoint\` binds to it.
- \`istio.io/gateway-name\`: since 1.24 the pods of gateways and waypoints have only \`gateway.networking.k8s.io/gateway-name\`. A selector with the old key selects no pod.
- \`networking.istio.io/ingress-waypoint\` never existed. The label \`istio.io/ingress-use-waypoint\` sends traffic of ingress gateways through a waypoint.
- \`ambient.istio.io/redirection: disabled\` on pods has no effect: the CNI writes this annotation, and does not read it. The label \`istio.io/dataplane-mode: none\` keeps pods out of ambient mode.`,
  bad: `${namespace('    istio.io/use-waypoint: waypoint\n')}${waypoint(`  annotations:
    istio.io/for-service-account: ratings # ← not read since 1.22
`)}`,
  good: `${namespace('    istio.io/use-waypoint: waypoint\n')}${waypoint('')}`,
  fix: 'Replace the key with the one of today, or remove it.',
  references: [
    'istio/istio releasenotes/notes/50804.yaml',
    'istio/api label/labels.yaml and annotation/annotations.yaml',
    'istio/istio pilot/pkg/serviceregistry/ambient/waypoints.go:213-230',
    'istio/istio pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go:834',
  ],
}
