import type { RuleDocs } from '../rule.js'
import { allowGetAt } from '../support/examples.js'

const classNamed = (name: string, mark = ''): string =>
  `    - kind: GatewayClass\n      group: gateway.networking.k8s.io\n      name: ${name}${mark}\n`

export const gatewayClassNotEnforcedPage: RuleDocs = {
  summary: 'A policy targets a GatewayClass other than `istio-waypoint`: it is not enforced.',
  why: 'Waypoints of every class enforce only policies that target the class with the name `istio-waypoint`. A policy for another class is accepted, and its status even has `WaypointAccepted: True` if the class uses the controller `istio.io/mesh-controller`. But no proxy enforces it: the traffic is allowed as if the policy did not exist.',
  bad: `apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata:
  name: corp-waypoint
spec:
  controllerName: istio.io/mesh-controller
---
${allowGetAt(classNamed('corp-waypoint', ' # ← not istio-waypoint'), 'istio-system')}`,
  good: allowGetAt(classNamed('istio-waypoint'), 'istio-system'),
  fix: 'Target the class `istio-waypoint`: the policy then applies to every waypoint, including waypoints of your own classes. Or target each Gateway in its namespace.',
  versions:
    'Policies can target a GatewayClass since Istio 1.25. Earlier releases reject such a policy, and this finding says so.',
  references: [
    'istio/istio pilot/pkg/model/policyattachment.go:177-182',
    'istio/istio pilot/pkg/serviceregistry/ambient/policies.go:75-96',
    'istio/istio release-1.24 pkg/config/validation/validation.go:1253-1281',
  ],
}
