import type { RuleDocs } from '../rule.js'

const namespace = (mode: string): string => `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/dataplane-mode: ${mode}
`

export const invalidLabelValuePage: RuleDocs = {
  summary: 'A label of ambient mode has a value that Istio does not support.',
  why: `Istio compares these values exactly:

- \`istio.io/dataplane-mode\` is \`ambient\` or \`none\`. \`Ambient\`, \`enabled\` and \`true\` have no effect.
- \`istio.io/use-waypoint\` is the name of a Gateway, or \`none\`. \`#none\` and \`namespace/name\`, as in older documentation, are not valid label values. With a name that no Gateway can have, the object has no waypoint.
- \`istio.io/waypoint-for\` is \`service\`, \`workload\`, \`all\` or \`none\`. With another value the waypoint serves no traffic.
- \`istio.io/ingress-use-waypoint\` is a Go boolean: \`yes\` counts as false.`,
  bad: namespace('Ambient # ← has no effect'),
  good: namespace('ambient'),
  fix: 'Use a valid value. The namespace of a waypoint has its own label, `istio.io/use-waypoint-namespace`.',
  references: [
    'https://istio.io/latest/docs/reference/config/labels/',
    'istio/istio cni/pkg/util/enablement_selector.go:81-97',
    'istio/istio pilot/pkg/serviceregistry/ambient/waypoints.go:213-230',
    'istio/istio pilot/pkg/serviceregistry/ambient/services.go:772-789',
  ],
}
