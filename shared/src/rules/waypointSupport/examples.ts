/** An ambient namespace whose Service `api` is bound to its waypoint: where most examples about waypoints take place. */
export const SHOP = `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/dataplane-mode: ambient
    istio.io/use-waypoint: waypoint
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: waypoint
  namespace: shop
  labels:
    istio.io/waypoint-for: service
spec:
  gatewayClassName: istio-waypoint
  listeners:
    - name: mesh
      port: 15008
      protocol: HBONE
---
apiVersion: v1
kind: Service
metadata:
  name: api
  namespace: shop
spec:
  selector:
    app: api
  ports:
    - name: http
      port: 80
      targetPort: 8080
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  template:
    metadata:
      labels:
        app: api
    spec:
      serviceAccountName: api
      containers:
        - name: api
          image: registry.example/api
          ports:
            - containerPort: 8080
`

/** The companion of a policy at the waypoint: only what comes through it reaches the pods (semantics §7.2). */
export const COMPANION = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-only-from-waypoint
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: ALLOW
  rules:
    - from:
        - source:
            serviceAccounts: ["shop/waypoint"]
`

/** Plaintext is refused, so that nothing but the waypoint is the matter. */
export const STRICT = `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: default
  namespace: shop
spec:
  mtls:
    mode: STRICT
`

/** Another Service of the shop. */
export const WEB_SERVICE = `apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
spec:
  selector:
    app: web
  ports:
    - name: http
      port: 80
`

/** `SHOP` with a label of its own on the Service `api`. */
export function withServiceLabel(text: string, label: string): string {
  return text.replace('kind: Service\nmetadata:\n  name: api\n  namespace: shop\n', (head) => `${head}  labels:\n    ${label}\n`)
}

/** An AuthorizationPolicy of the shop, or of another namespace, with its spec as YAML at no indentation. */
export function policyText(name: string, spec: string, namespace = 'shop'): string {
  const body = spec.trim().split('\n').map((line) => `  ${line}`).join('\n')
  return `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
${body}
`
}

/** An ALLOW policy of the shop for what `targetRefs` says: YAML items, indented by four. */
export function allowGetAt(targetRefs: string, namespace = 'shop'): string {
  return `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-get
  namespace: ${namespace}
spec:
  targetRefs:
${targetRefs}  action: ALLOW
  rules:
    - to:
        - operation:
            methods: ["GET"]
`
}
