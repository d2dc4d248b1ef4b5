import { explainAuthorizationPolicy } from '../explain/explainAuthorizationPolicy.js'
import type { AuthorizationPolicyExplanation } from '../explain/explanation.js'
import { explanationToMarkdown } from '../explain/toMarkdown.js'
import { analyse } from './checkFiles.js'

/** An ambient namespace. Its last line is a label, so that labels can be appended. */
export const NAMESPACE = `
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/dataplane-mode: ambient
`
export const WITH_WAYPOINT = `${NAMESPACE}    istio.io/use-waypoint: waypoint
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: waypoint
  namespace: shop
spec:
  gatewayClassName: istio-waypoint
  listeners:
  - {name: mesh, port: 15008, protocol: HBONE}
`
export const API = `
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  template:
    metadata: {labels: {app: api}}
    spec:
      containers: [{name: api, ports: [{containerPort: 8080}]}]
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec:
  selector: {app: api}
  ports: [{port: 80, targetPort: 8080}]
`

/** The explanation of a policy for `shop/web` with more fields of its `spec`, as YAML. */
export function explainPolicy(
  yaml: string,
  spec: string,
  options: Parameters<typeof analyse>[1] & { namespace?: string } = {},
): AuthorizationPolicyExplanation {
  const policy = `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: p, namespace: ${options.namespace ?? 'shop'}}
spec:
  rules: [{from: [{source: {serviceAccounts: [shop/web]}}]}]
  ${spec}
`
  const { mesh } = analyse(yaml + policy, options)
  return explainAuthorizationPolicy(mesh, mesh.all('AuthorizationPolicy')[0]!)
}

/** The marked rows of the table in Markdown. */
export function markedLines(explanation: AuthorizationPolicyExplanation): string[] {
  return explanationToMarkdown(explanation)
    .split('\n')
    .filter((line) => /^\| \*\*(►|\?)\*\*/.test(line))
}

export const WAYPOINT_IDENTITY = 'cluster.local/ns/shop/sa/waypoint'
export const SELECTOR = 'selector: {matchLabels: {app: api}}'
