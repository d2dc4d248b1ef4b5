import type { RuleDocs } from '../rule.js'

const namespace = (mode: string): string => `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/dataplane-mode: ${mode}
`

export const invalidLabelValuePage: RuleDocs = {
  summary: 'A label of ambient mode has a value that Istio does not know.',
  why: `Istio compares these values exactly. \`istio.io/dataplane-mode\` is \`ambient\` or \`none\`: \`Ambient\`, \`enabled\` and \`true\` enrol nothing. \`istio.io/use-waypoint\` is the name of one Gateway, or \`none\`: \`#none\` and \`namespace/name\` of older documentation are no label values at all, and a name that no Gateway can have leaves the object without a waypoint. \`istio.io/waypoint-for\` is \`service\`, \`workload\`, \`all\` or \`none\`: with any other word a waypoint serves nothing. \`istio.io/ingress-use-waypoint\` is a boolean of Go: \`yes\` means no.`,
  bad: namespace('Ambient'),
  good: namespace('ambient'),
  fix: 'Write a value that Istio knows. The namespace of a waypoint stands in a label of its own, `istio.io/use-waypoint-namespace`.',
  references: [
    'https://istio.io/latest/docs/reference/config/labels/',
    'istio/istio cni/pkg/util/enablement_selector.go:81-97',
    'istio/istio pilot/pkg/serviceregistry/ambient/waypoints.go:213-230',
    'istio/istio pilot/pkg/serviceregistry/ambient/services.go:772-789',
  ],
}
