// The workloads of an app, its Service and its ServiceAccount.
import { object } from './object.mjs'

export function serviceAccount(at) {
  return object(at, { apiVersion: 'v1', kind: 'ServiceAccount', body: '' })
}

export function service(at) {
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

export function workload(at, kind) {
  return object(at, {
    apiVersion: 'apps/v1',
    kind,
    body: `spec:\n  replicas: ${1 + at.random.below(5)}\n  selector:\n    matchLabels:\n      app: ${at.name}\n  template:\n${podTemplate(at, 4)}`,
  })
}

export function cronJob(at) {
  return object(at, {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    suffix: '-nightly',
    body: `spec:\n  schedule: "0 3 * * *"\n  jobTemplate:\n    spec:\n      template:\n${podTemplate(at, 8)}`,
  })
}

export function pod(at) {
  return object(at, {
    apiVersion: 'v1',
    kind: 'Pod',
    suffix: '-debug',
    body: 'spec:\n  containers:\n    - name: debug\n      image: debug\n',
  })
}
