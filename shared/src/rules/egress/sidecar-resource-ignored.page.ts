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
  why: 'A Sidecar resource limits the configuration that istiod sends to the sidecars of a namespace. It has no effect on ztunnel and waypoints: neither its `egress` hosts nor its `outboundTrafficPolicy` limits the outgoing traffic of workloads in ambient mode.',
  bad: `${ambient('apps')}${sidecar}${crawler('apps')}`,
  good: `${ambient('apps')}${crawler('apps')}`,
  fix: 'Remove the Sidecar resource. To limit outgoing traffic, use an egress waypoint and a NetworkPolicy.',
  references: [
    'https://github.com/istio/istio/issues/48105',
    'https://istio.io/latest/docs/reference/config/networking/sidecar/',
  ],
}
