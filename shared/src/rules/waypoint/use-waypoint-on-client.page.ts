import type { RuleDocs } from '../rule.js'

const example = (clientLabels: string, entryLabels: string): string => `apiVersion: v1
kind: Namespace
metadata:
  name: egress
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: exit
  namespace: egress
spec:
  gatewayClassName: istio-waypoint
  listeners:
    - name: mesh
      port: 15008
      protocol: HBONE
      allowedRoutes:
        namespaces:
          from: All
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: site
  namespace: egress
${entryLabels}spec:
  hosts: ["site.example.com"]
  location: MESH_INTERNAL
  resolution: DNS
  ports:
    - number: 80
      name: http
      protocol: HTTP
---
apiVersion: v1
kind: Namespace
metadata:
  name: apps
  labels:
    istio.io/dataplane-mode: ambient
${clientLabels}---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: crawler
  namespace: apps
spec:
  selector:
    matchLabels:
      app: crawler
  template:
    metadata:
      labels:
        app: crawler
    spec:
      containers:
        - name: crawler
          image: example/crawler
`

export const useWaypointOnClientPage: RuleDocs = {
  summary:
    'The label istio.io/use-waypoint is on a namespace of clients: it does not send their traffic through the waypoint.',
  why: 'The label `istio.io/use-waypoint` is about traffic *to* the object or the namespace that has it. Traffic from its pods uses the waypoint of the destination. A namespace that holds only clients, with a label that names an egress waypoint of another namespace, sends nothing through that waypoint. Policies at the waypoint are then not enforced for these clients.',
  bad: example(
    '    istio.io/use-waypoint: exit # ← is for traffic to this namespace\n    istio.io/use-waypoint-namespace: egress\n',
    '',
  ),
  good: example('', '  labels:\n    istio.io/use-waypoint: exit\n'),
  fix: 'Put the label on the ServiceEntries, or on their namespace, and remove it from the namespace of the clients.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/waypoints.go:99-230',
    'https://istio.io/latest/docs/ambient/usage/waypoint/',
  ],
}
