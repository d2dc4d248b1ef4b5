// The objects of crowded workspaces, as text. Each function returns one document.

const labelLines = (labels, indent) =>
  Object.entries(labels)
    .map(([key, value]) => `${' '.repeat(indent)}${key}: ${value}\n`)
    .join('')

const matchLabels = (selector, indent) =>
  selector
    ? `${' '.repeat(indent)}selector:\n${' '.repeat(indent + 2)}matchLabels:\n${labelLines(selector, indent + 4)}`
    : ''

const head = (apiVersion, kind, namespace, name) =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\n`

/** A namespace in ambient mode. */
export function namespace(name, labels = {}) {
  return `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n  labels:\n    istio.io/dataplane-mode: ambient\n${labelLines(labels, 4)}`
}

export function serviceAccount(namespace, name) {
  return head('v1', 'ServiceAccount', namespace, name)
}

export function deployment(namespace, name, labels = {}) {
  const all = labelLines({ app: name, ...labels }, 8)
  return `${head('apps/v1', 'Deployment', namespace, name)}spec:\n  selector:\n    matchLabels:\n      app: ${name}\n  template:\n    metadata:\n      labels:\n${all}    spec:\n      serviceAccountName: ${name}\n      containers:\n        - name: app\n          image: "registry.example.com/app"\n          ports:\n            - containerPort: 8080\n`
}

export function service(namespace, name, selector = { app: name }) {
  return `${head('v1', 'Service', namespace, name)}spec:\n  selector:\n${labelLines(selector, 4)}  ports:\n    - name: http\n      port: 80\n      targetPort: 8080\n`
}

/** A waypoint for the traffic to Services. */
export function waypoint(namespace, name = 'waypoint') {
  return `${head('gateway.networking.k8s.io/v1', 'Gateway', namespace, name)}  labels:\n    istio.io/waypoint-for: service\nspec:\n  gatewayClassName: istio-waypoint\n  listeners:\n    - name: mesh\n      port: 15008\n      protocol: HBONE\n`
}

/**
 * An AuthorizationPolicy with one rule.
 *
 * @param options `targets` has pairs of a kind and a name; `port` and `method` are of the operation.
 */
export function authorizationPolicy(
  namespace,
  name,
  { selector, targets, principals, namespaces, action = 'ALLOW', port, method, path },
) {
  const refs = (targets ?? [])
    .map(
      ([kind, target]) =>
        `    - kind: ${kind}\n      group: "${GROUPS[kind]}"\n      name: ${target}\n`,
    )
    .join('')
  const from = namespaces
    ? `            namespaces: [${namespaces.join(', ')}]\n`
    : `            principals:\n${principals.map((each) => `              - ${each}\n`).join('')}`
  const operation = [
    port === undefined ? '' : `            ports: ["${port}"]\n`,
    method === undefined ? '' : `            methods: [${method}]\n`,
    path === undefined ? '' : `            paths: [${path}]\n`,
  ].join('')
  const to = operation === '' ? '' : `      to:\n        - operation:\n${operation}`
  return `${head('security.istio.io/v1', 'AuthorizationPolicy', namespace, name)}spec:\n${matchLabels(selector, 2)}${refs === '' ? '' : `  targetRefs:\n${refs}`}  action: ${action}\n  rules:\n    - from:\n        - source:\n${from}${to}`
}

const GROUPS = {
  Service: '',
  ServiceEntry: 'networking.istio.io',
  Gateway: 'gateway.networking.k8s.io',
}

export function peerAuthentication(namespace, name, { selector, mode }) {
  return `${head('security.istio.io/v1', 'PeerAuthentication', namespace, name)}spec:\n${matchLabels(selector, 2)}  mtls:\n    mode: ${mode}\n`
}

/** A NetworkPolicy that allows one app to one port. */
export function networkPolicy(namespace, name, labels) {
  return `${head('networking.k8s.io/v1', 'NetworkPolicy', namespace, name)}spec:\n  podSelector:\n    matchLabels:\n${labelLines(labels, 6)}  policyTypes: [Ingress]\n  ingress:\n    - from:\n        - podSelector:\n            matchLabels:\n              app: a0\n      ports:\n        - port: 8080\n`
}

export function httpRoute(namespace, name, target) {
  return `${head('gateway.networking.k8s.io/v1', 'HTTPRoute', namespace, name)}spec:\n  parentRefs:\n    - group: ""\n      kind: Service\n      name: ${target}\n      port: 80\n  rules:\n    - backendRefs:\n        - name: ${target}\n          port: 80\n`
}

export function serviceEntry(namespace, name) {
  return `${head('networking.istio.io/v1', 'ServiceEntry', namespace, name)}spec:\n  hosts: [${name}.example.com]\n  ports:\n    - number: 443\n      name: tls\n      protocol: TLS\n  resolution: DNS\n  location: MESH_EXTERNAL\n`
}

/** The namespace of most axes. */
export const SHOP = 'shop'
const APPS_OF_FILE = 20

/** The file of app `index`. */
export function fileOf(index) {
  return `apps-${Math.floor(index / APPS_OF_FILE)}.yaml`
}

export function principal(name, where = SHOP) {
  return `cluster.local/ns/${where}/sa/${name}`
}

/** Adds an app: its account, its pods and their Service. */
export function addApp(files, path, { where, name, labels }) {
  files.add(
    path,
    serviceAccount(where, name),
    deployment(where, name, labels),
    service(where, name),
  )
}
