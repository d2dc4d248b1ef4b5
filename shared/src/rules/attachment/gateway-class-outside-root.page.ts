import type { RuleDocs } from '../rule.js'
import { allowGetAt } from '../support/examples.js'

const targetsClass = (mark = ''): string =>
  `    - kind: GatewayClass${mark}\n      group: gateway.networking.k8s.io\n      name: istio-waypoint\n`

export const gatewayClassOutsideRootPage: RuleDocs = {
  summary: 'A policy outside the root namespace targets a GatewayClass: it is not enforced.',
  why: 'A policy for a GatewayClass applies to every waypoint of the mesh, so it must be in the root namespace (`istio-system`, unless the MeshConfig sets another one). In any other namespace the status has `WaypointAccepted: False` with reason `Invalid`. Neither ztunnel nor a waypoint enforces the policy: the traffic is allowed as if it did not exist.',
  bad: allowGetAt(targetsClass(' # ← only in the root namespace')),
  good: allowGetAt(targetsClass(), 'istio-system'),
  fix: "Target a waypoint in the policy's own namespace. If the policy is for all waypoints, move it to the root namespace.",
  versions: 'GatewayClass targets exist since 1.25.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/policies.go:38-159',
    'istio/istio pilot/pkg/model/policyattachment.go:123-201',
  ],
}
