import type { RuleDocs } from '../rule.js'

const example = (labels: string): string => `apiVersion: v1
kind: Namespace
metadata:
  name: infra
---
apiVersion: gateway.networking.k8s.io/v1
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
---
apiVersion: v1
kind: Namespace
metadata:
  name: orders
  labels:
    istio.io/dataplane-mode: ambient
${labels}---
apiVersion: v1
kind: Service
metadata:
  name: api
  namespace: orders
spec:
  selector:
    app: api
  ports:
    - name: http
      port: 80
      targetPort: 8080
`

export const useWaypointNamespaceAlonePage: RuleDocs = {
  summary:
    'The label istio.io/use-waypoint-namespace without istio.io/use-waypoint chooses no waypoint.',
  why: 'Istio looks for `istio.io/use-waypoint` first, and reads `istio.io/use-waypoint-namespace` only from the object that has it. The label alone is ignored. The label of a Service is not completed by a label of its Namespace either. Traffic then bypasses the waypoint, and no policy at it is enforced.',
  bad: example('    istio.io/use-waypoint-namespace: infra # ← names no waypoint\n'),
  good: example('    istio.io/use-waypoint: shared\n    istio.io/use-waypoint-namespace: infra\n'),
  fix: 'Add `istio.io/use-waypoint` with the name of the waypoint beside it, or remove the label.',
  references: ['istio/istio pilot/pkg/serviceregistry/ambient/waypoints.go:213-230'],
}
