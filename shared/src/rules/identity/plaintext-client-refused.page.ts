import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP, MESH_STRICT } from '../support/examples.js'

const webhook = (mark: (client: string) => string): string => `apiVersion: v1
kind: Service
metadata:
  name: api
  namespace: shop
spec:
  selector:
    app: api
  ports:
    - name: https
      port: 443
      targetPort: 8080
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata:
  name: api
webhooks:
  - name: api.shop.example
    clientConfig:
      service:
        name: api${mark('the API server')}
        namespace: shop
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: api
  namespace: shop
spec:
  ingressClassName: nginx
  defaultBackend:
    service:
      name: api${mark('the ingress controller')}
      port:
        name: https
---
`

const EXCEPTION = `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: api
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  mtls:
    mode: STRICT
  portLevelMtls:
    8080:
      mode: PERMISSIVE
---
`

export const plaintextClientRefusedPage: RuleDocs = {
  summary: 'Clients outside the mesh have no identity and are denied by these workloads.',
  why: `These clients connect without mutual TLS, so they have no identity:

- the API server, for webhooks and APIServices
- load balancers
- nodes that forward a NodePort
- ingress controllers outside the mesh

ztunnel denies them in two cases, and logs the reason:

- Mutual TLS is STRICT: \`explicitly denied by: istio-system/istio_converted_static_strict\`.
- The ALLOW policies allow only identities: \`allow policies exist, but none allowed\`.

Probes of the kubelet are never denied.`,
  bad: `${AMBIENT_SHOP}${MESH_STRICT}${webhook((client) => ` # ← ${client} is denied`)}`,
  good: `${AMBIENT_SHOP}${MESH_STRICT}${webhook(() => '')}${EXCEPTION}`,
  fix: `If mutual TLS is STRICT, set the port to PERMISSIVE in a PeerAuthentication of the pods. If the ALLOW policies allow only identities, add a rule that allows every client on the port. Or add the client to the mesh.`,
  references: [
    'istio/ztunnel src/proxy/inbound_passthrough.rs:125-248',
    'istio/istio pilot/pkg/serviceregistry/ambient/policies.go:255-287',
  ],
}
