import type { RuleDocs } from '../rule.js'
import { ambient, crawler } from '../support/egressExamples.js'

const sidecar = `apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: default # ←
  namespace: apps
spec:
  outboundTrafficPolicy:
    mode: REGISTRY_ONLY
  egress:
    - hosts: ["./*"]
---
`

export const sidecarResourceIgnoredPage: RuleDocs = {
  summary: 'A Sidecar resource has no effect in a namespace without sidecars.',
  why: 'A Sidecar resource limits what the sidecars of a namespace know. ztunnel and waypoints do not read it: neither its `egress` hosts nor its `outboundTrafficPolicy` limits the outgoing traffic of workloads in ambient mode.',
  bad: `${ambient('apps')}${sidecar}${crawler('apps')}`,
  good: `${ambient('apps')}${crawler('apps')}`,
  fix: 'Remove it. To limit outgoing traffic, use an egress waypoint and a NetworkPolicy.',
  references: [
    'https://github.com/istio/istio/issues/48105',
    'https://istio.io/latest/docs/reference/config/networking/sidecar/',
  ],
}
