import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

const SERVICE = `apiVersion: v1
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
`

const peer = (port: number, mark = ''): string => `apiVersion: security.istio.io/v1
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
    ${String(port)}:${mark}
      mode: PERMISSIVE
`

export const mtlsPortNotServedPage: RuleDocs = {
  summary: 'A port-level mode has no effect: no selected container has the port.',
  why: 'The keys of `portLevelMtls` are **container** ports, not Service ports: ztunnel compares them with the port of the pod. A mode for the Service port has no effect, and the container port keeps the mode of the workload.',
  bad: `${AMBIENT_SHOP}${SERVICE}${peer(80, ' # ← the Service port')}`,
  good: `${AMBIENT_SHOP}${SERVICE}${peer(8080)}`,
  fix: 'Use the container port: the `targetPort` of the Service.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/kube/controller/ambient/authorization.go (convertPeerAuthentication)',
    'istio/api security/v1beta1/peer_authentication.proto (port_level_mtls)',
  ],
}
