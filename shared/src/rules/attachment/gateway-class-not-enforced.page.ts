import type { RuleDocs } from '../rule.js'
import { allowGetAt } from '../support/examples.js'

const classNamed = (name: string): string =>
  `    - kind: GatewayClass\n      group: gateway.networking.k8s.io\n      name: ${name}\n`

export const gatewayClassNotEnforcedPage: RuleDocs = {
  summary: 'A policy targets a GatewayClass other than `istio-waypoint`, so nothing enforces it.',
  why: 'Waypoints of every class look for policies that target the class `istio-waypoint`, by this name and no other. A policy for a class of your own is stored, and its status even says `Accepted` where the class uses the controller `istio.io/mesh-controller`; but no proxy ever matches it, and the traffic flows as if there were no policy.',
  bad: `apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata:
  name: corp-waypoint
spec:
  controllerName: istio.io/mesh-controller
---
${allowGetAt(classNamed('corp-waypoint'), 'istio-system')}`,
  good: allowGetAt(classNamed('istio-waypoint'), 'istio-system'),
  fix: 'Target the class `istio-waypoint`, which means every waypoint, those of your own classes included; or target each Gateway in its namespace.',
  versions:
    'Policies can target a GatewayClass since Istio 1.25. Before, the API server rejects every policy that does, and this finding says so.',
  references: [
    'istio/istio pilot/pkg/model/policyattachment.go:177-182',
    'istio/istio pilot/pkg/serviceregistry/ambient/policies.go:75-96',
    'istio/istio release-1.24 pkg/config/validation/validation.go:1253-1281',
  ],
}
