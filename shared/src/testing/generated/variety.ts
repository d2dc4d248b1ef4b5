import fc from 'fast-check'
import { ACCOUNTS, APPS, maybe, pick, ROOT, seldom, SPACES, type Manifest } from './values.js'
import { OPENED, withPlaceholder } from './placeholders.js'
import type { Addition } from './routes.js'
import { podAs, podShape } from './variedPods.js'

const serviceShape = fc.record({
  way: pick('same', 'same', 'same', 'same', 'udp', 'twice', 'external', 'named', 'bare', 'app'),
  canary: seldom(
    fc.record({
      name: pick('waypoint', 'second', 'none', 'gone'),
      namespace: maybe(pick(...SPACES)),
      weight: pick('0', '30', '100', '101', '30%'),
    }),
  ),
})
type ServiceShape = typeof serviceShape extends fc.Arbitrary<infer T> ? T : never

const machine = fc.record({
  namespace: pick(...SPACES),
  app: pick(...APPS),
  account: maybe(pick(...ACCOUNTS, 'machine')),
  ports: maybe(fc.record({ web: pick(7070, 9090) })),
  redirection: seldom(pick('enabled')),
})
const flag = pick('true', 'false')
const install = fc.record({
  version: maybe(pick('v1.24.0', 'v1.28.3', 'v1.30.1', 'v1.31.0')),
  meshConfig: fc.record(
    {
      trustDomain: pick('cluster.local', 'corp.example'),
      trustDomainAliases: pick(['other.example'], ['cluster.local', 'other.example']),
      rootNamespace: pick(ROOT, 'alpha'),
    },
    { requiredKeys: [] },
  ),
  env: fc.record(
    {
      ENABLE_INGRESS_WAYPOINT_ROUTING: flag,
      ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY: flag,
      ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES: flag,
      AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY: flag,
      PILOT_AUTO_ALLOW_WAYPOINT_POLICY: flag,
    },
    { requiredKeys: [] },
  ),
  exclude: seldom(pick(...SPACES)),
})
const second = fc.record({
  namespace: pick(...SPACES),
  className: pick('istio-waypoint', 'own-waypoint', 'istio-agentgateway-waypoint', 'istio'),
  account: seldom(pick('gate')),
  waypointFor: maybe(pick('service', 'all')),
})

/**
 * The same mesh with other controllers, containers, annotations and revisions, with other shapes of Services, canary
 * waypoints, machines and settings of an install.
 */
export const variety: fc.Arbitrary<Addition> = fc
  .record({
    pods: fc.array(podShape, { minLength: 1, maxLength: 6 }),
    services: fc.array(serviceShape, { minLength: 1, maxLength: 4 }),
    machines: fc.array(machine, { maxLength: 2 }),
    second: maybe(second),
    classFor: seldom(pick('workload', 'all', 'none')),
    install: maybe(install),
    opened: seldom(pick(...OPENED)),
    revisions: fc.array(seldom(pick('default', 'canary')), { minLength: 1, maxLength: 6 }),
  })
  .map((drawn) => (mesh) => [
    ...mesh.map((object, index) => {
      const { kind } = object
      const pod = drawn.pods[index % drawn.pods.length]
      const service = drawn.services[index % drawn.services.length]
      const revision = drawn.revisions[index % drawn.revisions.length]
      if (kind === 'Pod' && pod) return podAs(object, pod)
      if (kind === 'Service' && service) return serviceAs(object, service)
      if (!/Policy$|Authentication$|Entry$/.test(kind)) return object
      const revised = revision ? withLabels(object, { 'istio.io/rev': revision }) : object
      return drawn.opened ? withPlaceholder(revised, drawn.opened) : revised
    }),
    ...drawn.machines.map(machineOf),
    ...(drawn.second ? [secondWaypoint(drawn.second)] : []),
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'GatewayClass',
      metadata: {
        name: 'own-waypoint',
        ...(drawn.classFor ? { labels: { 'istio.io/waypoint-for': drawn.classFor } } : {}),
      },
      spec: { controllerName: 'istio.io/mesh-controller' },
    },
    ...(drawn.install ? [installOf(drawn.install)] : []),
  ])

function withLabels(object: Manifest, labels: Readonly<Record<string, string>>): Manifest {
  const { metadata } = object
  return { ...object, metadata: { ...metadata, labels: { ...metadata.labels, ...labels } } }
}

/** The spec of a Service of the mesh. */
interface ServiceSpec {
  readonly ports: readonly { readonly port: number; readonly name: string }[]
}

function serviceAs(object: Manifest, { way, canary }: ServiceShape): Manifest {
  const spec = object.spec as ServiceSpec
  const [first] = spec.ports
  const canaryLabels: Readonly<Record<string, string>> = canary
    ? {
        'istio.io/use-waypoint-canary': canary.name,
        ...(canary.namespace ? { 'istio.io/use-waypoint-canary-namespace': canary.namespace } : {}),
      }
    : {}
  const changed: Readonly<Record<typeof way, object>> = {
    same: spec,
    udp: { ...spec, ports: [...spec.ports, { ...first, name: 'dns', protocol: 'UDP' }] },
    twice: { ...spec, ports: [...spec.ports, { ...first, name: 'http-again', port: 8888 }] },
    named: { ...spec, ports: [{ ...first, name: 'http-named', targetPort: 'web' }] },
    app: { ...spec, ports: [{ ...first, name: 'other', appProtocol: 'http' }] },
    external: {
      type: 'ExternalName',
      externalName: 'web.beta.svc.cluster.local',
      ports: spec.ports,
    },
    bare: { ports: spec.ports },
  }
  return {
    ...object,
    metadata: {
      ...object.metadata,
      labels: { ...object.metadata.labels, ...canaryLabels },
      ...(canary ? { annotations: { 'istio.io/use-waypoint-canary-weight': canary.weight } } : {}),
    },
    spec: changed[way],
  }
}

type Machine = typeof machine extends fc.Arbitrary<infer T> ? T : never

function machineOf(
  { namespace, app, account, ports, redirection }: Machine,
  index: number,
): Manifest {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'WorkloadEntry',
    metadata: {
      name: `machine-${index}`,
      namespace,
      ...(redirection ? { annotations: { 'ambient.istio.io/redirection': redirection } } : {}),
    },
    spec: { address: '10.2.0.1', labels: { app }, serviceAccount: account, ports },
  }
}

function secondWaypoint({
  namespace,
  className,
  account,
  waypointFor,
}: typeof second extends fc.Arbitrary<infer T> ? T : never): Manifest {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: {
      name: 'second',
      namespace,
      ...(waypointFor ? { labels: { 'istio.io/waypoint-for': waypointFor } } : {}),
      ...(account ? { annotations: { 'gateway.istio.io/service-account': account } } : {}),
    },
    spec: {
      gatewayClassName: className,
      listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }],
    },
  }
}

function installOf({
  version,
  meshConfig,
  env,
  exclude,
}: typeof install extends fc.Arbitrary<infer T> ? T : never): Manifest {
  return {
    apiVersion: 'sailoperator.io/v1',
    kind: 'Istio',
    metadata: { name: 'default' },
    spec: {
      ...(version ? { version } : {}),
      profile: 'ambient',
      values: {
        meshConfig,
        pilot: { env },
        ...(exclude ? { cni: { excludeNamespaces: [exclude] } } : {}),
      },
    },
  }
}
