import type { RuleDocs } from '../rule.js'

const namespace = (labels: string): string => `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
${labels}`

export const ambientAndSidecarPage: RuleDocs = {
  summary: '`istio.io/dataplane-mode: ambient` has no effect: the pods get a sidecar.',
  why: 'The webhook that injects sidecars runs before the CNI and does not check `istio.io/dataplane-mode`. The pods get a sidecar, and the CNI does not capture pods with a sidecar: ztunnel enforces no policy there, and as clients these pods bypass waypoints. Only pods with `sidecar.istio.io/inject: "false"` stay in ambient mode.',
  bad: namespace(
    '    istio-injection: enabled # ← injects sidecars\n    istio.io/dataplane-mode: ambient\n',
  ),
  good: namespace('    istio.io/dataplane-mode: ambient\n'),
  fix: 'Remove the label of the mode that you do not want.',
  references: [
    'istio/istio cni/pkg/util/enablement_selector.go:81-97',
    'istio/istio manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml:78-160',
    'istio/istio pkg/kube/inject/inject.go:201-291',
  ],
}
