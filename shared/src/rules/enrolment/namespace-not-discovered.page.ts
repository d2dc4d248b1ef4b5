import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

const install = (selector: string): string => `apiVersion: v1
kind: ConfigMap
metadata:
  name: istio
  namespace: istio-system
data:
  mesh: |
    discoverySelectors:
      - matchLabels:
          ${selector}
---
`

export const namespaceNotDiscoveredPage: RuleDocs = {
  summary:
    'istiod does not read a namespace that has policies or pods in ambient mode, because of `discoverySelectors`.',
  why: 'istiod reads only the namespaces that `meshConfig.discoverySelectors` select. This is also true for the root namespace. The policies of a namespace that is not selected are not enforced, and its waypoints cannot be used.\n\nistio-cni does not read the selectors. It still redirects the traffic of pods in an ambient namespace to ztunnel. But istiod does not send these pods to ztunnel, so their connections fail (`timed out waiting for workload`).',
  bad: `${install('mesh: enabled')}${AMBIENT_SHOP.replace('  name: shop\n', '  name: shop # ← does not have the label mesh: enabled\n')}`.replace(
    /---\n$/,
    '',
  ),
  good: `${install('mesh: enabled')}${AMBIENT_SHOP.replace('  labels:\n', '  labels:\n    mesh: enabled\n')}`.replace(
    /---\n$/,
    '',
  ),
  fix: 'Add the label that a selector requires to the Namespace, or add a selector that selects the namespace.',
  references: [
    'istio/istio pkg/kube/multicluster/cluster.go:306',
    'istio/istio pilot/pkg/serviceregistry/ambient/ambientindex.go:175-181',
    'istio/ztunnel src/state.rs:782-806',
  ],
}
