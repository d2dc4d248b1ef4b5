import type { RuleDocs } from '../rule.js'
import { allowGetAt } from '../support/examples.js'

const CLASS =
  '    - kind: GatewayClass\n      group: gateway.networking.k8s.io\n      name: istio-waypoint\n'

export const gatewayClassOutsideRootPage: RuleDocs = {
  summary: 'A policy outside of the root namespace targets a GatewayClass, so nothing enforces it.',
  why: 'A policy for a GatewayClass speaks of every waypoint of the mesh. Only the root namespace (`istio-system` unless MeshConfig says otherwise) may say so: in any other namespace the status says `Invalid`, the policy is sent to no ztunnel and to no waypoint, and the traffic flows as if there were no policy.',
  bad: allowGetAt(CLASS),
  good: allowGetAt(CLASS, 'istio-system'),
  fix: "Target a waypoint of the policy's own namespace, or move the policy to the root namespace if it is meant for all waypoints.",
  versions: 'GatewayClass targets exist since 1.25.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/policies.go:38-159',
    'istio/istio pilot/pkg/model/policyattachment.go:123-201',
  ],
}
