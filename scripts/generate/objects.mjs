// The documents of namespaces and apps.
import { appName, DASHBOARD, namespaceName, namespaceOf, portOf } from './names.mjs'
import { object, simple } from './object.mjs'
import {
  authorizationPolicy,
  httpRoute,
  networkPolicy,
  peerAuthentication,
  serviceEntry,
  virtualService,
  workloadEntry,
} from './policies.mjs'
import { cronJob, pod, service, serviceAccount, workload } from './workloads.mjs'

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
