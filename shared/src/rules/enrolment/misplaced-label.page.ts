import type { RuleDocs } from '../rule.js'
import { SHOP } from '../support/examples.js'

const OWN_LABELS =
  '    istio.io/use-waypoint: shared # ← not read from a Deployment\n    istio.io/use-waypoint-namespace: infra\n    istio.io/dataplane-mode: none\n'

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
  summary:
    'A label of ambient mode has no effect, because Istio does not read it from this object.',
  why: `Pods do not inherit the labels of their Deployment, and Istio reads each label only from certain objects:

- \`istio.io/dataplane-mode\`: Namespaces and pods
- \`istio.io/use-waypoint\`: Namespaces, Services, ServiceEntries, WorkloadEntries and pods
- \`istio.io/use-waypoint-canary\`, \`istio.io/ingress-use-waypoint\`: Namespaces, Services and ServiceEntries
- \`istio.io/waypoint-for\`: Gateways and GatewayClasses

On other objects, and as annotations, these labels have no effect.`,
  bad: `${SHOP.replaceAll(API, `${API}  labels:\n    istio.io/dataplane-mode: none # ← not read from a Service\n`).replace(/(kind: Deployment\n.*\n.*\n.*\n {2}labels:\n).*\n/, `$1${OWN_LABELS}`)}---\n${SHARED}`,
  good: `${SHOP.replace('        app: api\n    spec', '        app: api\n        istio.io/dataplane-mode: ambient\n    spec')}---\n${SHARED}`,
  fix: 'Move the label to the pod template, the Service, the Namespace or the Gateway that it is for.',
  references: [
    'https://istio.io/latest/docs/reference/config/labels/',
    'istio/istio pilot/pkg/serviceregistry/ambient/waypoints.go:213-230',
    'istio/istio cni/pkg/util/enablement_selector.go:81-97',
  ],
}
