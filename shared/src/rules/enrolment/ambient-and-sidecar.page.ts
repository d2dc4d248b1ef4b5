import type { RuleDocs } from '../rule.js'

const namespace = (labels: string): string => `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
${labels}`

export const ambientAndSidecarPage: RuleDocs = {
  summary: 'Labels ask for a sidecar and for ambient at once: the sidecar wins.',
  why: 'The webhook that injects sidecars runs before the CNI and does not look at `istio.io/dataplane-mode`. The pod gets its sidecar, and the CNI leaves pods with a sidecar alone: ztunnel enforces nothing there, and waypoints are not used by its clients. Only pods with `sidecar.istio.io/inject: "false"` stay in ambient.',
  bad: namespace('    istio-injection: enabled\n    istio.io/dataplane-mode: ambient\n'),
  good: namespace('    istio.io/dataplane-mode: ambient\n'),
  fix: 'Remove the label for the data plane that is not wanted.',
  references: [
    'istio/istio cni/pkg/util/enablement_selector.go:81-97',
    'istio/istio manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml:78-160',
    'istio/istio pkg/kube/inject/inject.go:201-291',
  ],
}
