import { explainObject } from '../explain/explainObject.js'
import type { Explanation } from '../explain/explanation.js'
import { analyse } from './checkFiles.js'

/** A namespace with a waypoint, a Service and policies of each kind. */
const SHOP = `
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: shop}
spec:
  gatewayClassName: istio-waypoint
  listeners: [{name: mesh, port: 15008, protocol: HBONE}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  template:
    metadata: {labels: {app: api}}
    spec:
      serviceAccountName: api
      containers: [{name: api, ports: [{containerPort: 8080}]}]
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec:
  selector: {app: api}
  ports: [{port: 80, targetPort: 8080}]
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: l4, namespace: shop}
spec:
  selector: {matchLabels: {app: api}}
  rules:
  - from: [{source: {principals: ["cluster.local/ns/shop/sa/web"]}}]
    to: [{operation: {ports: ["8080"]}}]
  - to: [{operation: {methods: [GET]}}]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: l7, namespace: shop}
spec:
  targetRefs: [{group: "", kind: Service, name: api}]
  rules:
  - from: [{source: {serviceAccounts: [web]}}]
    to: [{operation: {ports: ["80"], methods: [GET], paths: ["/a*"]}}]
    when: [{key: "request.headers[x]", values: ["<b>|\`_x_"]}]
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: istio-system}
spec: {mtls: {mode: STRICT}}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: api, namespace: shop}
spec:
  selector: {matchLabels: {app: api}}
  portLevelMtls: {8080: {mode: DISABLE}}
`

/** The rendered explanation of an object, such as `Service api`. */
export function pageOf(
  id: string,
  render: (explanation: Explanation) => string,
  yaml = SHOP,
): string {
  const { mesh, files } = analyse(yaml)
  const resources = [...files.values()].flatMap(({ documents }) =>
    documents.flatMap(({ facts }) => facts.resources),
  )
  const explanation = explainObject(
    mesh,
    resources.find(({ type, name }) => `${type} ${name}` === id)!,
  )
  return `\n${render(explanation!)}`
}
