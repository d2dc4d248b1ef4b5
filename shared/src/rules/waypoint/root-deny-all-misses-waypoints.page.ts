import type { RuleDocs } from '../rule.js'
import { COMPANION, SHOP, STRICT } from '../support/examples.js'

const denyAll = (name: string, spec: string): string => `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: ${name}
  namespace: istio-system
spec:${spec}`

const BAD = `${SHOP}---\n${STRICT}---\n${COMPANION}---\n${denyAll('deny-all', ' {}\n')}`

export const rootDenyAllMissesWaypointsPage: RuleDocs = {
  summary:
    'A policy in the root namespace is meant for the whole mesh, and waypoints are left out of it.',
  why: "Without `targetRefs` a policy in the root namespace reaches every ztunnel and every gateway, but no waypoint: a waypoint obeys `targetRefs` only. What a waypoint lets through reaches the pods as soon as a policy there admits the waypoint's own identity, which is the usual second half. So traffic through waypoints is not subject to the policy.",
  bad: BAD,
  good: `${BAD}---
${denyAll(
  'deny-all-waypoints',
  `
  targetRefs:
    - kind: GatewayClass
      group: gateway.networking.k8s.io
      name: istio-waypoint
`,
)}`,
  fix: 'Add a policy of the same content that targets the GatewayClass `istio-waypoint`, beside it in the root namespace, and then ALLOW policies at each waypoint for what is wanted.',
  versions: 'GatewayClass targets exist since 1.25.',
  references: [
    'istio/istio tests/integration/ambient/baseline_test.go:1335-1424',
    'istio/istio pilot/pkg/model/policyattachment.go:139-146',
  ],
}
