import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP, MESH_STRICT } from '../support/examples.js'

const WEBHOOK = `apiVersion: v1
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
        name: api
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
      name: api
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
  summary: 'Somebody outside the mesh calls pods that demand an identity.',
  why: `The API server (for webhooks and APIServices), load balancers, nodes that forward a NodePort, and an ingress that is not in the mesh connect without mTLS and have no identity. ztunnel refuses them where mutual TLS is STRICT (\`explicitly denied by: istio-system/istio_converted_static_strict\`), and where ALLOW policies admit identities alone (\`allow policies exist, but none allowed\`). Probes of the kubelet are never refused.`,
  bad: `${AMBIENT_SHOP}${MESH_STRICT}${WEBHOOK}`,
  good: `${AMBIENT_SHOP}${MESH_STRICT}${WEBHOOK}${EXCEPTION}`,
  fix: 'Make the port PERMISSIVE in a PeerAuthentication of the pods, or allow it for everybody; or bring the client into the mesh.',
  references: [
    'istio/ztunnel src/proxy/inbound_passthrough.rs:125-248',
    'istio/istio pilot/pkg/serviceregistry/ambient/policies.go:255-287',
  ],
}
