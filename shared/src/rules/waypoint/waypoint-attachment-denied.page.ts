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
  summary: 'An object names a waypoint of another namespace that does not admit its own.',
  why: `A waypoint serves the namespaces that \`allowedRoutes\` of its HBONE listener admits: its own without that field. Whatever another namespace sends there by \`istio.io/use-waypoint-namespace\` is not bound (status \`AttachmentDenied\`), and the traffic goes to the pods directly, under no policy of layer 7.`,
  bad: `${USING}---\n${shared('infra')}`,
  good: `${USING}---\n${shared('shop')}`,
  fix: 'Admit the namespace in `allowedRoutes` of the waypoint, or use a waypoint of the own namespace.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/waypoints.go:568-663',
    'istio/istio pilot/pkg/serviceregistry/ambient/waypoints_test.go:34-280',
  ],
}
