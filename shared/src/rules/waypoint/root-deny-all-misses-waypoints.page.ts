import type { RuleDocs } from '../rule.js'
import { COMPANION, SHOP, STRICT } from '../support/examples.js'

const denyAll = (name: string, spec: string): string => `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: ${name}
  namespace: istio-system
spec:${spec}`

const withDenyAll = (mark = ''): string =>
  `${denyAll('deny-all', ` {}${mark}\n`)}---\n${SHOP}---\n${STRICT}---\n${COMPANION}`

export const rootDenyAllMissesWaypointsPage: RuleDocs = {
  summary: 'Waypoints do not enforce a mesh-wide policy without `targetRefs`.',
  why: `A policy in the root namespace without \`targetRefs\` applies to every ztunnel and every gateway, but not to waypoints: they apply only policies with \`targetRefs\`.

Pods behind a waypoint usually have a policy that allows the waypoint's identity. Traffic that the waypoint allows then reaches these pods, although the mesh-wide policy should deny it.`,
  bad: withDenyAll(' # ← not enforced by waypoints'),
  good: `${denyAll(
    'deny-all-waypoints',
    `
  targetRefs:
    - kind: GatewayClass
      group: gateway.networking.k8s.io
      name: istio-waypoint
`,
  )}---
${withDenyAll()}`,
  fix: 'In the root namespace, add the same policy with a target reference to the GatewayClass `istio-waypoint`. Then add ALLOW policies for the wanted traffic at each waypoint.',
  versions: 'GatewayClass targets need Istio 1.25 or later.',
  references: [
    'istio/istio tests/integration/ambient/baseline_test.go:1335-1424',
    'istio/istio pilot/pkg/model/policyattachment.go:139-146',
  ],
}
