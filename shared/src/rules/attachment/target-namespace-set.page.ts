import type { RuleDocs } from '../rule.js'
import { allowGetAt, TARGETS_API } from '../support/examples.js'

export const targetNamespaceSetPage: RuleDocs = {
  summary: 'A targetRef names a namespace, which the API server refuses.',
  why: "A policy targets objects of its own namespace, and only those. A `namespace` in a targetRef, even the policy's own, is refused with `cross namespace referencing is not currently supported`, so nothing of the policy is enforced, and after an edit the version before stays in force.",
  bad: allowGetAt(`${TARGETS_API}      namespace: shop\n`),
  alsoFires: ['invalid-resource'],
  good: allowGetAt(TARGETS_API),
  fix: 'Remove the `namespace`. A policy for an object of another namespace has to lie in that namespace: policies of a Service beside the Service, policies of a waypoint beside the waypoint.',
  references: [
    'istio/api kubernetes/customresourcedefinitions.gen.yaml (x-kubernetes-validations of targetRefs[].namespace)',
    'istio/istio pkg/config/validation/validation.go (validatePolicyTargetReference)',
  ],
}
