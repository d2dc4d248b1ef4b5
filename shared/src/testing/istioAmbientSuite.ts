// The meshes of Istio's ambient integration tests: tests/integration/ambient/baseline_test.go and waypoint_test.go.
import { evaluateRequest } from '../access/evaluateRequest.js'
import type { RequestHttp, RequestSource, RequestTarget, Verdict } from '../access/request.js'
import { analyse } from './checkFiles.js'
import { readFixture } from './fixtureFiles.js'

/** The apps of the suite: clients, and Services with a pod of the same name. */
export const APPS = [
  'captured',
  'service-addressed-waypoint',
  'workload-addressed-waypoint',
  'uncaptured',
  'sidecar',
] as const
export type App = (typeof APPS)[number]

export const apps = readFixture('meshes/istio-ambient-suite/apps.yaml')
export const MESH: Record<App, { inMesh: boolean; waypoint: string | undefined }> = {
  captured: { inMesh: true, waypoint: undefined },
  'service-addressed-waypoint': { inMesh: true, waypoint: 'waypoint-service' },
  'workload-addressed-waypoint': { inMesh: true, waypoint: 'waypoint-workload' },
  uncaptured: { inMesh: false, waypoint: undefined },
  sidecar: { inMesh: true, waypoint: undefined },
}
export const INGRESS: RequestSource = {
  namespace: 'istio-system',
  serviceAccount: 'istio-ingressgateway',
}

interface Scenario {
  policies: string
  from: RequestSource
  to: RequestTarget
  http?: RequestHttp
}

/** The verdict on one request under the policies (YAML). */
export function verdict({ policies, from, to, http }: Scenario): Verdict {
  const { mesh } = analyse({ 'apps.yaml': apps, 'policies.yaml': policies }, { world: 'closed' })
  return evaluateRequest(mesh, { from: { ip: '10.0.0.1', ...from }, to, http }).verdict
}

export const client = (app: App): RequestSource => ({ namespace: 'echo', serviceAccount: app })
export const service = (app: App, port = 9090): RequestTarget => ({ service: `echo/${app}`, port })
export const pod = (app: App, port = 18080): RequestTarget => ({ workload: `echo/${app}`, port })
/** Each app with each other app. */
export const pairs = APPS.flatMap((source) =>
  APPS.filter((target) => target !== source).map((target) => [source, target] as const),
)

/** An AuthorizationPolicy; `spec` is YAML, indented by two. */
export function policy(name: string, spec: string, namespace = 'echo'): string {
  return `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: ${name}, namespace: ${namespace}}
spec:
${spec}
`
}

/** A PeerAuthentication; `spec` is YAML, indented by two. */
export function peerAuthentication(spec: string, namespace = 'echo'): string {
  return `---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: p-${namespace}, namespace: ${namespace}}
spec:
${spec}
`
}
