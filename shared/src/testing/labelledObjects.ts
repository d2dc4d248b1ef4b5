// Objects of a small mesh as texts, with labels or annotations to add.

export const object = (kind: string, metadata: string, apiVersion = 'v1'): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: api\n  namespace: shop\n${metadata}`
export const labels = (...all: readonly string[]): string =>
  `  labels:\n${all.map((label) => `    ${label}\n`).join('')}`
export const service = (metadata = ''): string =>
  `${object('Service', metadata)}spec:\n  selector:\n    app: api\n  ports:\n  - {name: http, port: 80}\n`
export const deployment = (metadata: string, pods = ''): string =>
  `${object('Deployment', metadata, 'apps/v1')}spec:\n  template:\n    metadata:\n` +
  `      labels:\n        app: api\n${pods}    spec:\n      containers:\n` +
  '      - {name: api, image: x}\n'
export const gateway = (waypointFor: string): string => {
  const metadata = labels(`istio.io/waypoint-for: ${waypointFor}`)
  const head = object('Gateway', metadata, 'gateway.networking.k8s.io/v1')
  return (
    `${head.replace('name: api', 'name: waypoint')}spec:\n  gatewayClassName: istio-waypoint\n` +
    '  listeners:\n  - {name: mesh, port: 15008, protocol: HBONE}\n'
  )
}
export const namespace = (label: string): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n${labels(label)}`
export const join = (...documents: readonly string[]): string => documents.join('---\n')
