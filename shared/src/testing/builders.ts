import { object, type Fields, type Labels, type Metadata } from './objectText.js'

/**
 * YAML text of common objects, for tests. The first argument of each is `namespace/name`; the
 * options have defaults, so that a test writes only what it is about:
 *
 * ```ts
 * documents(
 *   namespace('shop', { waypoint: 'waypoint' }),
 *   waypoint('shop/waypoint', { for: 'all' }),
 *   deployment('shop/api'),
 *   authorizationPolicy('shop/allow-get', { app: 'api', rules: [to({ methods: ['GET'] })] }),
 * )
 * ```
 *
 * `spec` adds fields to the spec that a builder writes, and replaces fields of the same name.
 * Labels and annotations are added in the same way.
 */
export interface BuilderOptions extends Metadata {
  readonly spec?: Fields | undefined
}

/**
 * The waypoint that a label `istio.io/use-waypoint` names: `waypoint`, `infra/waypoint` in another
 * namespace, or `none`.
 */
export interface UsesWaypoint {
  readonly waypoint?: string | undefined
}

export interface NamespaceOptions extends Metadata, UsesWaypoint {
  /** Whether the namespace has the label `istio.io/dataplane-mode: ambient`. True by default. */
  readonly ambient?: boolean | undefined
}

export function namespace(name: string, options: NamespaceOptions = {}): string {
  const { ambient = true, annotations } = options
  const mode: Labels = ambient ? { 'istio.io/dataplane-mode': 'ambient' } : {}
  return object('Namespace', name, {
    labels: { ...mode, ...useWaypoint(options), ...options.labels },
    annotations,
  })
}

export function serviceAccount(at: string, options: Metadata = {}): string {
  return object('ServiceAccount', at, options)
}

export interface ServiceOptions extends BuilderOptions, UsesWaypoint {
  /** Label `app` of its pods; the name of the Service by default. */
  readonly app?: string | undefined
  /** By default port 80 with the name `http` and target port 8080. */
  readonly ports?: readonly Fields[] | undefined
}

export function service(at: string, options: ServiceOptions = {}): string {
  const { app = nameOf(at), ports = [{ name: 'http', port: 80, targetPort: 8080 }] } = options
  return object('Service', at, {
    labels: { ...useWaypoint(options), ...options.labels },
    annotations: options.annotations,
    spec: { selector: { app }, ports, ...options.spec },
  })
}

export interface PodOptions extends Metadata, UsesWaypoint {
  /** Label `app` of the pod; its name by default. */
  readonly app?: string | undefined
  readonly serviceAccount?: string | undefined
  /** Ports of its container; 8080 by default. */
  readonly ports?: readonly (number | Fields)[] | undefined
  /** More fields of its container, such as a probe. */
  readonly container?: Fields | undefined
  /** More fields of the pod's spec, such as `hostNetwork`. */
  readonly spec?: Fields | undefined
}

export function pod(at: string, options: PodOptions = {}): string {
  return object('Pod', at, podFields(at, options))
}

export interface WorkloadOptions extends Omit<PodOptions, keyof Metadata> {
  /** `Deployment` by default. */
  readonly kind?: 'Deployment' | 'StatefulSet' | 'DaemonSet' | undefined
  /** Metadata of the workload itself. */
  readonly labels?: Labels | undefined
  readonly annotations?: Labels | undefined
  readonly podLabels?: Labels | undefined
  readonly podAnnotations?: Labels | undefined
}

/** A Deployment, or another workload with a pod template. */
export function deployment(at: string, options: WorkloadOptions = {}): string {
  const { kind = 'Deployment', labels, annotations, podLabels, podAnnotations } = options
  const { spec, ...metadata } = podFields(at, {
    ...options,
    labels: podLabels,
    annotations: podAnnotations,
  })
  return object(kind, at, {
    labels,
    annotations,
    spec: {
      selector: { matchLabels: { app: options.app ?? nameOf(at) } },
      template: { metadata, spec },
    },
  })
}

export interface WaypointOptions extends BuilderOptions {
  /** Value of the label `istio.io/waypoint-for`; no label by default. */
  readonly for?: string | undefined
  /** `istio-waypoint` by default. */
  readonly className?: string | undefined
  /**
   * Namespaces that may use it: `All`, `Same`, or what `allowedRoutes.namespaces` says. No
   * `allowedRoutes` by default, which is `Same`.
   */
  readonly allowedNamespaces?: 'All' | 'Same' | Fields | undefined
}

export function waypoint(at: string, options: WaypointOptions = {}): string {
  const { allowedNamespaces: allowed } = options
  return gateway(at, {
    className: options.className ?? 'istio-waypoint',
    listeners: [
      {
        name: 'mesh',
        port: 15008,
        protocol: 'HBONE',
        allowedRoutes: allowed && {
          namespaces: typeof allowed === 'string' ? { from: allowed } : allowed,
        },
      },
    ],
    labels: {
      ...(options.for === undefined ? {} : { 'istio.io/waypoint-for': options.for }),
      ...options.labels,
    },
    annotations: options.annotations,
    spec: options.spec,
  })
}

export interface GatewayOptions extends BuilderOptions {
  /** `istio` by default. */
  readonly className?: string | undefined
  /** By default one for HTTP on port 80. */
  readonly listeners?: readonly Fields[] | undefined
}

export function gateway(at: string, options: GatewayOptions = {}): string {
  const { className = 'istio', listeners = [{ name: 'http', port: 80, protocol: 'HTTP' }] } =
    options
  return object('Gateway', at, {
    labels: options.labels,
    annotations: options.annotations,
    spec: { gatewayClassName: className, listeners, ...options.spec },
  })
}

export function gatewayClass(name: string, controllerName: string): string {
  return object('GatewayClass', name, { spec: { controllerName } })
}

export interface ServiceEntryOptions extends BuilderOptions, UsesWaypoint {
  /** The name of the ServiceEntry with the suffix `.example.com` by default. */
  readonly hosts?: readonly string[] | undefined
  /** By default HTTP on port 80. */
  readonly ports?: readonly Fields[] | undefined
}

export function serviceEntry(at: string, options: ServiceEntryOptions = {}): string {
  const {
    hosts = [`${nameOf(at)}.example.com`],
    ports = [{ name: 'http', number: 80, protocol: 'HTTP' }],
  } = options
  return object('ServiceEntry', at, {
    labels: { ...useWaypoint(options), ...options.labels },
    annotations: options.annotations,
    spec: { hosts, ports, resolution: 'DNS', ...options.spec },
  })
}

function podFields(
  at: string,
  options: PodOptions,
): { readonly labels: Labels; readonly annotations: Labels | undefined; readonly spec: Fields } {
  const { app = nameOf(at), ports = [8080], container } = options
  const containerPorts = ports.map((port) =>
    typeof port === 'number' ? { containerPort: port } : port,
  )
  return {
    labels: { app, ...useWaypoint(options), ...options.labels },
    annotations: options.annotations,
    spec: {
      serviceAccountName: options.serviceAccount,
      containers: [{ name: app, image: `example/${app}`, ports: containerPorts, ...container }],
      ...options.spec,
    },
  }
}

function useWaypoint({ waypoint: at }: UsesWaypoint): Labels {
  if (at === undefined) return {}
  return at.includes('/')
    ? {
        'istio.io/use-waypoint': nameOf(at),
        'istio.io/use-waypoint-namespace': at.slice(0, at.indexOf('/')),
      }
    : { 'istio.io/use-waypoint': at }
}

function nameOf(at: string): string {
  return at.slice(at.indexOf('/') + 1)
}
