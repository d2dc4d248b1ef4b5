import type { RuleDocs } from '../rule.js'
import { allowGetAt, TARGETS_API } from '../support/examples.js'

export const targetNamespaceSetPage: RuleDocs = {
  summary: 'A targetRef has a `namespace`: the API server rejects the policy.',
  why: "A policy can only target objects of its own namespace. The API server rejects a `namespace` in a targetRef, even the policy's own, with `cross namespace referencing is not currently supported`. The policy is not enforced; after an edit, its previous version still applies.",
  bad: allowGetAt(`${TARGETS_API}      namespace: shop # ← not allowed\n`),
  alsoFires: ['invalid-resource'],
  good: allowGetAt(TARGETS_API),
  fix: 'Remove the `namespace`. A policy must be in the namespace of its target: the namespace of the Service, or the namespace of the waypoint.',
  references: [
    'istio/api kubernetes/customresourcedefinitions.gen.yaml (x-kubernetes-validations of targetRefs[].namespace)',
    'istio/istio pkg/config/validation/validation.go (validatePolicyTargetReference)',
  ],
}
