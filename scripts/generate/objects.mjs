/**
 * The name of an app depends only on its number, so a document can name any other app, also one that is not
 * generated.
 */
export const APPS_PER_NAMESPACE = 24
const WORDS = [
  'cart',
  'orders',
  'billing',
  'search',
  'reviews',
  'ratings',
  'catalog',
  'users',
  'mail',
  'ledger',
  'stock',
  'quotes',
]

export const appName = (app) => `${WORDS[app % WORDS.length]}-${app}`
export const namespaceName = (namespace) => `team-${namespace}`
const namespaceOf = (app) => namespaceName(Math.floor(app / APPS_PER_NAMESPACE))
const portOf = (app) => 8000 + (app % 37)

const DASHBOARD =
  'A dashboard text that goes on for a while, as descriptions in real manifests do, with a colon: and some "quotes".'

export function* namespaceDocuments(namespace, random) {
  const mode = random.chance(70)
    ? '    istio.io/dataplane-mode: ambient\n'
    : random.chance(50)
      ? '    istio-injection: enabled\n'
      : ''
  const use =
    mode.includes('ambient') && random.chance(40) ? '    istio.io/use-waypoint: waypoint\n' : ''
  yield `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${namespaceName(namespace)}\n  labels:\n    team: t${namespace % 9}\n${mode}${use}`
  yield `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: waypoint
  namespace: ${namespaceName(namespace)}
  labels:
    istio.io/waypoint-for: ${random.pick(['service', 'service', 'all', 'workload'])}
spec:
  gatewayClassName: istio-waypoint
  listeners:
    - name: mesh
      port: 15008
      protocol: HBONE
`
}

export function* appDocuments(app, { random, apps }) {
  const at = {
    app,
    apps,
    random,
    name: appName(app),
    namespace: namespaceOf(app),
    port: portOf(app),
  }
  yield serviceAccount(at)
  yield service(at)
  yield workload(
    at,
    random.chance(85) ? 'Deployment' : random.chance(67) ? 'StatefulSet' : 'DaemonSet',
  )
  yield authorizationPolicy(at, 0)
  if (random.chance(25)) yield authorizationPolicy(at, 1)
  if (random.chance(60)) yield networkPolicy(at)
  if (random.chance(40)) yield httpRoute(at)
  if (random.chance(20)) yield peerAuthentication(at)
  if (random.chance(12)) yield serviceEntry(at)
  if (random.chance(8)) yield workloadEntry(at)
  if (random.chance(8)) yield cronJob(at)
  if (random.chance(4)) yield pod(at)
  if (random.chance(75)) yield configMap(at)
  if (random.chance(45))
    yield simple(
      at,
      'autoscaling/v2',
      'HorizontalPodAutoscaler',
      `  minReplicas: 2\n  maxReplicas: 10\n  scaleTargetRef:\n    apiVersion: apps/v1\n    kind: Deployment\n    name: ${at.name}\n`,
    )
  if (random.chance(35))
    yield simple(
      at,
      'policy/v1',
      'PodDisruptionBudget',
      `  minAvailable: 1\n  selector:\n    matchLabels:\n      app: ${at.name}\n`,
    )
  if (random.chance(30)) yield simple(at, 'v1', 'Secret', '  note: secrets have no spec\n')
  if (random.chance(30)) yield virtualService(at)
  if (random.chance(30))
    yield simple(
      at,
      'monitoring.coreos.com/v1',
      'ServiceMonitor',
      `  endpoints:\n    - port: http\n      interval: 30s\n  selector:\n    matchLabels:\n      app: ${at.name}\n`,
    )
  if (random.chance(25))
    yield simple(
      at,
      'rbac.authorization.k8s.io/v1',
      'RoleBinding',
      `  roleRef:\n    kind: Role\n    name: ${at.name}\n`,
    )
  if (random.below(1_000) < 7) yield customResourceDefinition(at)
}

/** The metadata of an object of an app, in one of several styles. */
function metadata({ name, namespace, random }, suffix = '') {
  const comment = random.chance(15) ? `# Source: charts/${name}/templates/object.yaml\n` : ''
  const labels = random.chance(30)
    ? `  labels: {app: ${name}, "app.kubernetes.io/part-of": shop}\n`
    : `  labels:\n    app: ${name}\n    app.kubernetes.io/name: ${name}\n    app.kubernetes.io/instance: ${name}-production\n    app.kubernetes.io/version: "1.${random.below(40)}.${random.below(10)}"\n    app.kubernetes.io/managed-by: ${random.chance(50) ? 'Helm' : '"Helm"'}\n    helm.sh/chart: ${name}-0.${random.below(90)}.0\n`
  const annotations = random.chance(25)
    ? `  annotations:\n    description: >-\n      ${DASHBOARD}\n      More of it on a second line.\n    owner: "team ${name}"\n`
    : ''
  return {
    comment,
    text: `metadata:\n  name: ${name}${suffix}\n  namespace: ${namespace}\n${labels}${annotations}`,
  }
}

function object(at, { apiVersion, kind, suffix = '', body }) {
  const { comment, text } = metadata(at, suffix)
  return `${comment}apiVersion: ${apiVersion}\nkind: ${kind}\n${text}${body}`
}

function simple(at, apiVersion, kind, spec) {
  return object(at, { apiVersion, kind, body: `spec:\n${spec}` })
}

function serviceAccount(at) {
  return object(at, { apiVersion: 'v1', kind: 'ServiceAccount', body: '' })
}

function service(at) {
  const { random, name, port } = at
  const target = random.chance(50) ? 'http' : random.chance(95) ? port : 9_999
  return object(at, {
    apiVersion: 'v1',
    kind: 'Service',
    body: `spec:\n  selector:\n    app: ${name}\n  ports:\n    - name: http\n      port: 80 # in front\n      targetPort: ${target}\n      protocol: TCP\n`,
  })
}

function podTemplate({ name, port, random }, indent) {
  const args = random.chance(30)
    ? `    args: ["--port=${port}", '--name=${name}', "--verbose"]\n`
    : ''
  const script = random.chance(15)
    ? '    command:\n      - sh\n      - -c\n      - |\n        echo starting\n        exec /bin/app # kind: Pod\n'
    : ''
  const lines = `metadata:
  labels:
    app: ${name}
    version: v${random.below(3)}
spec:
  serviceAccountName: ${name}
  containers:
  - name: app
    image: "registry.example.com/${name}:1.${random.below(40)}.${random.below(10)}"
${args}${script}    ports:
      - name: http
        containerPort: ${port}
    readinessProbe:
      httpGet: {path: /ready, port: http}
    env:
      - name: LOG_LEVEL
        value: info
      - name: UPSTREAM
        value: "http://${name}.example.svc:80/path?a=b"
      - name: POD_NAME
        valueFrom:
          fieldRef:
            fieldPath: metadata.name
    securityContext:
      runAsNonRoot: true
      readOnlyRootFilesystem: true
    volumeMounts:
      - name: config
        mountPath: /etc/${name}
    livenessProbe:
      httpGet:
        path: /healthz
        port: http
      initialDelaySeconds: 10
      periodSeconds: 20
    resources:
      requests: { cpu: 100m, memory: 128Mi }
      limits:
        memory: 256Mi
  volumes:
    - name: config
      configMap:
        name: ${name}
`
  return lines.replace(/^(?=.)/gm, ' '.repeat(indent))
}

function workload(at, kind) {
  return object(at, {
    apiVersion: 'apps/v1',
    kind,
    body: `spec:\n  replicas: ${1 + at.random.below(5)}\n  selector:\n    matchLabels:\n      app: ${at.name}\n  template:\n${podTemplate(at, 4)}`,
  })
}

function cronJob(at) {
  return object(at, {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    suffix: '-nightly',
    body: `spec:\n  schedule: "0 3 * * *"\n  jobTemplate:\n    spec:\n      template:\n${podTemplate(at, 8)}`,
  })
}

function pod(at) {
  return object(at, {
    apiVersion: 'v1',
    kind: 'Pod',
    suffix: '-debug',
    body: 'spec:\n  containers:\n    - name: debug\n      image: debug\n',
  })
}

/** Any app; two percent do not exist. */
function principal({ apps, random }) {
  const other = random.below(apps)
  return `cluster.local/ns/${namespaceOf(other)}/sa/${random.chance(2) ? 'nobody' : appName(other)}`
}

function authorizationPolicy(at, ordinal) {
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

function networkPolicy(at) {
  const other = appName(at.random.below(at.apps))
  return object(at, {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    body: `spec:\n  podSelector:\n    matchLabels:\n      app: ${at.name}\n  policyTypes:\n    - Ingress\n  ingress:\n    - from:\n        - podSelector:\n            matchLabels:\n              app: ${other}\n      ports:\n        - port: ${at.port}\n          protocol: TCP\n`,
  })
}

function httpRoute(at) {
  const backend = at.random.chance(2) ? 'gone' : at.name
  return object(at, {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    body: `spec:\n  parentRefs:\n    - group: ""\n      kind: Service\n      name: ${at.name}\n  rules:\n    - matches:\n        - path:\n            type: PathPrefix\n            value: /\n      backendRefs:\n        - name: ${backend}\n          port: 80\n`,
  })
}

function peerAuthentication(at) {
  const port = at.random.chance(90) ? at.port : 80
  return object(at, {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    body: `spec:\n  selector:\n    matchLabels:\n      app: ${at.name}\n  mtls:\n    mode: ${at.random.pick(['STRICT', 'PERMISSIVE', 'STRICT', 'UNSET'])}\n  portLevelMtls:\n    ${port}:\n      mode: ${at.random.pick(['PERMISSIVE', 'STRICT', 'DISABLE'])}\n`,
  })
}

function serviceEntry(at) {
  return object(at, {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    body: `spec:\n  hosts:\n    - ${at.name}.external.example\n  ports:\n    - number: 443\n      name: tls\n      protocol: TLS\n  resolution: DNS\n  location: MESH_EXTERNAL\n`,
  })
}

function workloadEntry(at) {
  return object(at, {
    apiVersion: 'networking.istio.io/v1',
    kind: 'WorkloadEntry',
    body: `spec:\n  address: 10.${at.app % 250}.${at.app % 200}.7\n  labels:\n    app: ${at.name}\n  serviceAccount: ${at.name}\n`,
  })
}

function virtualService(at) {
  return object(at, {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    body: `spec:\n  hosts: [${at.name}]\n  http:\n    - route:\n        - destination:\n            host: ${at.name}\n            port: { number: 80 }\n`,
  })
}

function configMap(at) {
  const lines = Array.from(
    { length: 3 + at.random.below(45) },
    (_, line) => `    setting.${line} = ${at.name}-${at.random.below(1_000)}\n`,
  ).join('')
  return object(at, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    body: `data:\n  template.yaml: |\n    apiVersion: apps/v1\n    kind: Deployment\n    metadata:\n      name: inner\n  app.properties: |\n${lines}`,
  })
}

function customResourceDefinition(at) {
  const fields = Array.from(
    { length: 90 },
    (_, index) =>
      `                field${index}:\n                  description: ${DASHBOARD.replace(':', '')}\n                  type: string\n`,
  ).join('')
  return `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: things${at.app}.example.com
spec:
  group: example.com
  names:
    kind: Thing${at.app}
    plural: things${at.app}
  versions:
    - name: v1
      schema:
        openAPIV3Schema:
          properties:
            kind:
              type: string
            spec:
              properties:
${fields}`
}
