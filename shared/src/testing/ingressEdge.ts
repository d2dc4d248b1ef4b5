import { analyse, findingsOf, type AnalyseOptions } from './index.js'
import { ingressBypassesWaypoint } from '../rules/routes/ingress-bypasses-waypoint.js'
import { policyText } from '../rules/support/examples.js'

export const rule = ingressBypassesWaypoint.name
export const POLICY = policyText(
  'allow-get',
  'targetRefs:\n- kind: Service\n  name: api\nrules:\n- to:\n  - operation:\n      methods: ["GET"]\n',
)
export const gateway = (className: string, from = 'from: All'): string =>
  'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n' +
  `  name: public\n  namespace: edge\nspec:\n  gatewayClassName: ${className}\n` +
  '  listeners:\n  - {name: own, port: 81, protocol: HTTP}\n' +
  `  - {name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {${from}}}}\n`
export const route = (kind = 'HTTPRoute', backend = 'name: api'): string =>
  `apiVersion: gateway.networking.k8s.io/v1\nkind: ${kind}\nmetadata:\n  name: r\n` +
  '  namespace: shop\nspec:\n  parentRefs:\n  - {name: public, namespace: edge}\n' +
  `  rules:\n  - backendRefs:\n    - ${backend}\n      port: 80\n`
export const istioGateway = (selector = 'istio: ingressgateway'): string =>
  'apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata:\n  name: public\n' +
  `  namespace: edge\nspec:\n  selector:\n    ${selector}\n`
export const virtualService = (gateways: string, host = 'api'): string =>
  'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: v\n' +
  `  namespace: shop\nspec:\n  hosts: [shop.example]\n  gateways: [${gateways}]\n` +
  `  http:\n  - route:\n    - destination:\n        host: ${host}\n`
export const ingress = (spec: string, annotations = ''): string =>
  'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: i\n' +
  `  namespace: shop\n${annotations}spec:\n${spec}  defaultBackend:\n    service:\n` +
  '      name: api\n      port:\n        number: 80\n'
export const meshRoute = (service: string, parents = ''): string =>
  'apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: retries, namespace: shop}\n' +
  `spec:\n  parentRefs:\n  - {kind: Service, group: "", name: ${service}}\n${parents}` +
  '  rules:\n  - timeouts: {request: 1s}\n    backendRefs: [{name: api, port: 80}]\n'
export const EDGE = [gateway('istio'), route()]
export function found(documents: readonly string[], options: AnalyseOptions = {}): string[] {
  return findingsOf(analyse(documents.join('---\n'), options))
    .filter((finding) => finding.rule === rule)
    .map(({ level, message }) => `${level}: ${message}`)
}

export const BY_GATEWAY =
  'warning: Policies of waypoint "shop/waypoint" do not apply to ingress traffic: ' +
  'Gateway "edge/public" sends it to Service "api" directly.'
export const ROUTES = BY_GATEWAY.replace('warning: Policies', 'information: Routes')
export const BY_INGRESS =
  'warning: Policies of waypoint "shop/waypoint" do not apply to ingress traffic: ' +
  'this Ingress sends it to Service "api" directly.'
