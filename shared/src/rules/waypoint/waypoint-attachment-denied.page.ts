import type { RuleDocs } from '../rule.js'
import { SHOP, withServiceLabel } from '../support/examples.js'

const shared = (selected: string): string => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: shared
  namespace: infra
spec:
  gatewayClassName: corp
  listeners:
    - name: mesh
      port: 15008
      protocol: HBONE
      allowedRoutes:
        namespaces:
          from: Selector
          selector:
            matchLabels:
              kubernetes.io/metadata.name: ${selected}
`

const USING = withServiceLabel(
  SHOP,
  'istio.io/use-waypoint: shared\n    istio.io/use-waypoint-namespace: infra',
)

export const waypointAttachmentDeniedPage: RuleDocs = {
  summary: 'A waypoint of another namespace does not allow this namespace.',
  why: `\`allowedRoutes\` of the waypoint's HBONE listener selects the namespaces that can use the waypoint. The default is the waypoint's own namespace.

An object of another namespace with \`istio.io/use-waypoint-namespace\` is not bound (status \`AttachmentDenied\`). Its traffic then goes directly to the pods, and no L7 policy is enforced.`,
  bad: `${shared('infra # ← does not allow shop')}---\n${USING}`,
  good: `${shared('shop')}---\n${USING}`,
  fix: 'Allow the namespace in `allowedRoutes` of the waypoint, or use a waypoint of the own namespace.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/waypoints.go:568-663',
    'istio/istio pilot/pkg/serviceregistry/ambient/waypoints_test.go:34-280',
  ],
}
