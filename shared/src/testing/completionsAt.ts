import { complete } from '../completion/complete.js'
import type { Completion } from '../completion/completion.js'
import { withoutStops } from '../completion/snippets.js'
import { analyse } from './checkFiles.js'
import { readCursor } from './cursor.js'

const MESH = `
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: shop}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: ingress, namespace: shop}
spec: {gatewayClassName: istio, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {selector: {app: api}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: out, namespace: shop}
spec: {hosts: [httpbin.org]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  template:
    metadata: {labels: {app: api, version: "1"}}
    spec:
      serviceAccountName: api
      containers: [{ports: [{name: web, containerPort: 8080}, {containerPort: 9090}]}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: batch, namespace: jobs}
spec: {template: {metadata: {labels: {app: batch}}, spec: {containers: [{}]}}}
`

/** The mesh whose names the completions offer. */
export const { mesh } = analyse(MESH)

/** The first lines of an object, to which a test adds the rest. */
export function startOf(apiVersion: string, kind: string): string {
  return `apiVersion: ${apiVersion}\nkind: ${kind}\n`
}

/** An AuthorizationPolicy up to the line `spec:`. */
export const POLICY =
  startOf('security.istio.io/v1', 'AuthorizationPolicy') +
  'metadata: {name: p, namespace: shop}\nspec:\n'

/** The completions at the mark `█`. */
export function completionsAt(marked: string): readonly Completion[] {
  const { text, offset } = readCursor(marked)
  return complete(mesh, { text, offset, defaultNamespace: '?' })?.items ?? []
}

/** The labels of the completions at the mark `█`. */
export function labelsAt(marked: string): string[] {
  return completionsAt(marked).map(({ label }) => label)
}

/** The text after the person chooses a completion at the mark `█`. */
export function choose(marked: string, label: string): string {
  const { text, offset } = readCursor(marked)
  const found = complete(mesh, { text, offset, defaultNamespace: '?' })
  const item = found?.items.find((candidate) => candidate.label === label)
  if (!found || !item)
    throw new Error(`The completions ${labelsAt(marked).join(', ')} do not include ${label}.`)
  return (
    text.slice(0, found.span.start) +
    (item.snippet ? withoutStops(item.text) : item.text) +
    text.slice(found.span.end)
  )
}
