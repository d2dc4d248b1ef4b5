import { plaintextClientRefused } from '../rules/identity/plaintext-client-refused.js'
import { analyse, findingsOf } from './index.js'

export const rule = plaintextClientRefused.name

export const service = (spec = ''): string =>
  `apiVersion: v1
kind: Service
metadata:
  name: api
  namespace: shop
spec:
${spec}  selector:
    app: api
  ports:
  - name: https # TLS
    port: 443
    targetPort: 8080
  - name: metrics
    port: 9090
---
`
export const LOAD_BALANCER = service('  type: LoadBalancer\n')
export const ingress = (ingressClass: string, port = 'number: 443'): string =>
  `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: i
  namespace: shop
spec:
  ingressClassName: ${ingressClass}
  defaultBackend:
    service:
      name: api
      port:
        ${port}
---
`
export const peer = (spec: string): string =>
  `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: api
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
${spec}---
`
export const allow = (rules: string, action = 'ALLOW'): string =>
  `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: p
  namespace: shop
spec:
  action: ${action}
  rules:
${rules}---
`
export const FROM_WEB = '  - from:\n    - source:\n        serviceAccounts: ["shop/web"]\n'

export const found = (...documents: readonly string[]): string[] =>
  findingsOf(analyse(documents.join('')))
    .filter((finding) => finding.rule === rule)
    .map(({ level, message }) => `${level}: ${message}`)
