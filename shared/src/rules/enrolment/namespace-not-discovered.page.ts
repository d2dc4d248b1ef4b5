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
    'The `discoverySelectors` of the mesh leave out a namespace with captured pods or policies.',
  why: 'istiod reads only the namespaces that `meshConfig.discoverySelectors` select. The root namespace is no exception. The policies, Services and Gateways of another namespace do not exist for istiod: no policy there is enforced, and a waypoint there cannot be used. The CNI does not read the selectors. It still captures the pods of an ambient namespace, but ztunnel does not know these pods, and their connections fail (`timed out waiting for workload`).',
  bad: `${install('mesh: enabled')}${AMBIENT_SHOP.replace('  name: shop\n', '  name: shop # ← does not have the label mesh: enabled\n')}`.replace(
    /---\n$/,
    '',
  ),
  good: `${install('mesh: enabled')}${AMBIENT_SHOP.replace('  labels:\n', '  labels:\n    mesh: enabled\n')}`.replace(
    /---\n$/,
    '',
  ),
  fix: 'Add the label that a selector requires to the Namespace, or add a selector for the namespace.',
  references: [
    'istio/istio pkg/kube/multicluster/cluster.go:306',
    'istio/istio pilot/pkg/serviceregistry/ambient/ambientindex.go:175-181',
    'istio/ztunnel src/state.rs:782-806',
  ],
}
