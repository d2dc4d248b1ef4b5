// The policies and other objects of the mesh for an app.
import { appName, namespaceOf } from './names.mjs'
import { object } from './object.mjs'

/** Any app; two percent do not exist. */
function principal({ apps, random }) {
  const other = random.below(apps)
  return `cluster.local/ns/${namespaceOf(other)}/sa/${random.chance(2) ? 'nobody' : appName(other)}`
}

export function authorizationPolicy(at, ordinal) {
  const { name, port, random, namespace } = at
  const where = random.chance(3) ? { ...at, namespace: 'istio-system' } : at
  const app = random.chance(3) ? 'nothing' : name
  const rules = Array.from({ length: 1 + random.below(3) }, () =>
    rule(at, random.chance(95) ? port : 1_234),
  ).join('')
  const attachment = random.chance(25)
    ? `  targetRefs:\n    - group: ""\n      kind: Service\n      name: ${name}\n`
    : `  selector:\n    matchLabels:\n      app: ${app}\n`
  const action = random.chance(75) ? 'ALLOW' : 'DENY'
  return object(where, {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    suffix: `-${namespace}-${ordinal}`,
    body: `spec:\n${attachment}  action: ${action}\n  rules:\n${rules}`,
  })
}

function rule(at, port) {
  const { random } = at
  const principals = Array.from(
    { length: 1 + random.below(4) },
    () => `              - ${principal(at)}\n`,
  ).join('')
  const from = random.chance(50)
    ? `    - from:\n        - source:\n            principals:\n${principals}`
    : `    - from:\n        - source: {namespaces: [${namespaceOf(random.below(at.apps))}, "${namespaceOf(random.below(at.apps))}"]}\n`
  const methods = random.chance(20) ? '            methods: ["GET", "POST"]\n' : ''
  return `${from}      to:\n        - operation:\n            ports: ["${port}"]\n${methods}`
}

export function networkPolicy(at) {
  const other = appName(at.random.below(at.apps))
  return object(at, {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    body: `spec:\n  podSelector:\n    matchLabels:\n      app: ${at.name}\n  policyTypes:\n    - Ingress\n  ingress:\n    - from:\n        - podSelector:\n            matchLabels:\n              app: ${other}\n      ports:\n        - port: ${at.port}\n          protocol: TCP\n`,
  })
}

export function httpRoute(at) {
  const backend = at.random.chance(2) ? 'gone' : at.name
  return object(at, {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    body: `spec:\n  parentRefs:\n    - group: ""\n      kind: Service\n      name: ${at.name}\n  rules:\n    - matches:\n        - path:\n            type: PathPrefix\n            value: /\n      backendRefs:\n        - name: ${backend}\n          port: 80\n`,
  })
}

export function peerAuthentication(at) {
  const port = at.random.chance(90) ? at.port : 80
  return object(at, {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    body: `spec:\n  selector:\n    matchLabels:\n      app: ${at.name}\n  mtls:\n    mode: ${at.random.pick(['STRICT', 'PERMISSIVE', 'STRICT', 'UNSET'])}\n  portLevelMtls:\n    ${port}:\n      mode: ${at.random.pick(['PERMISSIVE', 'STRICT', 'DISABLE'])}\n`,
  })
}

export function serviceEntry(at) {
  return object(at, {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    body: `spec:\n  hosts:\n    - ${at.name}.external.example\n  ports:\n    - number: 443\n      name: tls\n      protocol: TLS\n  resolution: DNS\n  location: MESH_EXTERNAL\n`,
  })
}

export function workloadEntry(at) {
  return object(at, {
    apiVersion: 'networking.istio.io/v1',
    kind: 'WorkloadEntry',
    body: `spec:\n  address: 10.${at.app % 250}.${at.app % 200}.7\n  labels:\n    app: ${at.name}\n  serviceAccount: ${at.name}\n`,
  })
}

export function virtualService(at) {
  return object(at, {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    body: `spec:\n  hosts: [${at.name}]\n  http:\n    - route:\n        - destination:\n            host: ${at.name}\n            port: { number: 80 }\n`,
  })
}
