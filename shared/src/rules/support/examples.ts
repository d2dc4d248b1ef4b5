/** The Namespace `shop` in ambient mode: the start of most examples on rule pages. */
const ambientNamespace = (labels = ''): string => `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/dataplane-mode: ambient
${labels}`

const BEHIND_WAYPOINT = ambientNamespace('    istio.io/use-waypoint: waypoint\n')

const WAYPOINT = `apiVersion: gateway.networking.k8s.io/v1
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
`

export const service = (name: string, ports: string): string => `apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: shop
spec:
  selector:
    app: ${name}
  ports:
    - name: http
${ports}`

const deployment = (image: string, account = ''): string => `apiVersion: apps/v1
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
${account}      containers:
        - name: api
          image: ${image}
          ports:
            - containerPort: 8080
`

const strict = (namespace: string): string => `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: default
  namespace: ${namespace}
spec:
  mtls:
    mode: STRICT
`

/**
 * Allows only traffic from the waypoint, so that clients cannot bypass a policy at the waypoint
 * (docs/semantics.md §7.2).
 */
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

/** A namespace in ambient mode with one workload. Ends with a document marker. */
export const AMBIENT_SHOP = [ambientNamespace(), deployment('example/api'), ''].join('---\n')

/** The same behind a waypoint; ztunnel allows only traffic from it. Ends with a document marker. */
export const SHOP_BEHIND_WAYPOINT = [
  BEHIND_WAYPOINT,
  deployment('example/api'),
  service('api', '      port: 8080\n'),
  WAYPOINT,
  COMPANION,
  '',
].join('---\n')

/**
 * A namespace in ambient mode whose Service `api` is bound to its waypoint: the start of most
 * examples about waypoints.
 */
export const SHOP = [
  BEHIND_WAYPOINT,
  WAYPOINT,
  service('api', '      port: 80\n      targetPort: 8080\n'),
  deployment('registry.example/api', '      serviceAccountName: api\n'),
].join('---\n')

/** Another Service of the namespace. */
export const WEB_SERVICE = service('web', '      port: 80\n')

/** Denies plaintext, so that an example shows only its own mistake. */
export const STRICT = strict('shop')

/** A mesh-wide STRICT. Ends with a document marker. */
export const MESH_STRICT = `${strict('istio-system')}---\n`

/** An ingress gateway, and a route that sends its requests to the Service `api`. */
export const storefront = (mark = ''): string => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: storefront
  namespace: ingress
spec:
  gatewayClassName: istio
  listeners:
    - name: http
      port: 80
      protocol: HTTP
      allowedRoutes:
        namespaces:
          from: All
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: storefront
  namespace: shop
spec:
  parentRefs:
    - name: storefront
      namespace: ingress
  rules:
    - backendRefs:
        - name: api${mark}
          port: 80
`

/** A text like `SHOP` with a label on the Service `api`. */
export function withServiceLabel(text: string, label: string): string {
  return text.replace(
    'kind: Service\nmetadata:\n  name: api\n  namespace: shop\n',
    (head) => `${head}  labels:\n    ${label}\n`,
  )
}

/**
 * An AuthorizationPolicy.
 *
 * @param spec YAML without indentation.
 */
export function policyText(name: string, spec: string, namespace = 'shop'): string {
  const body = spec
    .trim()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')
  return `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
${body}
`
}

/** An item of `targetRefs` that names the Service `api`. */
export const TARGETS_API = '    - kind: Service\n      group: ""\n      name: api\n'

/**
 * A DENY of the method DELETE at the pods of the API, which ztunnel cannot match, or at its
 * waypoint.
 *
 * @param operation more lines of the operation, indented by twelve.
 */
export function denyDelete(at: 'pods' | 'waypoint', operation = ''): string {
  return `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: deny-delete
  namespace: shop
spec:
${at === 'pods' ? '  selector:\n    matchLabels:\n      app: api\n' : `  targetRefs:\n${TARGETS_API}`}  action: DENY
  rules:
    - to:
        - operation:
${operation}            methods: ["DELETE"]${at === 'pods' ? ' # ← ignored by ztunnel' : ''}
`
}

/**
 * An ALLOW policy for the method GET.
 *
 * @param targetRefs YAML list items, indented by four.
 */
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
