import type { RuleDocs } from '../rule.js'
import { SHOP } from '../support/examples.js'

const OWN_LABELS =
  '    istio.io/use-waypoint: shared\n    istio.io/use-waypoint-namespace: infra\n    istio.io/dataplane-mode: none\n'

const SHARED = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: shared
  namespace: infra
spec:
  gatewayClassName: istio-waypoint
  listeners:
    - name: mesh
      port: 15008
      protocol: HBONE
      allowedRoutes:
        namespaces:
          from: All
`

const API = '  name: api\n  namespace: shop\n'

export const misplacedLabelPage: RuleDocs = {
  summary: 'A label of ambient mode stands where Istio does not read it.',
  why: `Kubernetes does not hand the labels of a Deployment on to its pods, and Istio reads each of these labels from certain objects alone: \`istio.io/dataplane-mode\` from Namespaces and pods; \`istio.io/use-waypoint\` from Namespaces, Services, ServiceEntries, WorkloadEntries and pods; its canary and \`istio.io/ingress-use-waypoint\` from Namespaces, Services and ServiceEntries; \`istio.io/waypoint-for\` from Gateways and GatewayClasses. None of them is read from annotations. Anywhere else they have no effect.`,
  bad: `${SHOP.replaceAll(API, `${API}  labels:\n    istio.io/dataplane-mode: none\n`).replace(/(kind: Deployment\n.*\n.*\n.*\n {2}labels:\n).*\n/, `$1${OWN_LABELS}`)}---\n${SHARED}`,
  good: `${SHOP.replace('        app: api\n    spec', '        app: api\n        istio.io/dataplane-mode: ambient\n    spec')}---\n${SHARED}`,
  fix: 'Move the label: to the pod template, the Service, the Namespace or the Gateway that it is about.',
  references: [
    'https://istio.io/latest/docs/reference/config/labels/',
    'istio/istio pilot/pkg/serviceregistry/ambient/waypoints.go:213-230',
    'istio/istio cni/pkg/util/enablement_selector.go:81-97',
  ],
}
