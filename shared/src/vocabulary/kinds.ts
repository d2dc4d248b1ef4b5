/** API groups of Kubernetes and Istio; `''` is the core group. */
export const GATEWAY_API = 'gateway.networking.k8s.io'
export const ISTIO_NETWORKING = 'networking.istio.io'
export const ISTIO_SECURITY = 'security.istio.io'

/** What the objects of a kind are for. */
export type KindRole =
  | 'namespace'
  | 'account'
  /** What traffic is addressed to by name. */
  | 'service'
  | 'gateway'
  /** A Pod, or a controller that makes pods from a template. */
  | 'pods'
  | 'workload-entry'
  | 'policy'
  | 'network-policy'
  /** A policy of another API that can allow what no NetworkPolicy allows. Read for its existence alone. */
  | 'other-network-policy'
  | 'route'
  /** Read for what it says about traffic. Nothing is reported about its YAML or its metadata. */
  | 'side'
  /** A Gateway of Istio's own API, which only gateway pods read. */
  | 'istio-gateway'
  /** Says how Istio is installed. */
  | 'install'
  /** Creates other objects that no file shows. */
  | 'deployer'
  /** Has clients outside the mesh: the API server, an ingress controller. Read for that alone. */
  | 'external-client'
  /** Extends a proxy. Read for what it is attached to. */
  | 'extension'

/** One kind of object that is read. */
interface KindFacts {
  readonly kind: string
  readonly group: string
  /** Other groups that serve the same kind with the same fields. */
  readonly alsoIn?: readonly string[]
  /** The versions that are read, the preferred one first. */
  readonly versions: readonly [string, ...string[]]
  readonly scope: 'cluster' | 'namespace'
  readonly role: KindRole
}

const APPS = { group: 'apps', versions: ['v1'], scope: 'namespace', role: 'pods' } as const
const BATCH = { ...APPS, group: 'batch' } as const
const CORE = { group: '', versions: ['v1'], scope: 'namespace' } as const
const GATEWAY = { group: GATEWAY_API, versions: ['v1', 'v1beta1'], scope: 'namespace' } as const
const NETWORKING = {
  group: ISTIO_NETWORKING,
  versions: ['v1', 'v1beta1', 'v1alpha3'],
  scope: 'namespace',
} as const
const SECURITY = {
  group: ISTIO_SECURITY,
  versions: ['v1', 'v1beta1'],
  scope: 'namespace',
  role: 'policy',
} as const
const WEBHOOKS = {
  group: 'admissionregistration.k8s.io',
  versions: ['v1'],
  scope: 'cluster',
  role: 'external-client',
} as const
const MONITORING = {
  group: 'monitoring.coreos.com',
  versions: ['v1'],
  scope: 'namespace',
  role: 'side',
} as const
const CILIUM = {
  group: 'cilium.io',
  versions: ['v2'],
  scope: 'namespace',
  role: 'other-network-policy',
} as const
const CALICO = {
  group: 'projectcalico.org',
  alsoIn: ['crd.projectcalico.org'],
  versions: ['v3', 'v1'],
  scope: 'namespace',
  role: 'other-network-policy',
} as const
const ADMIN_NETWORK_POLICY = {
  group: 'policy.networking.k8s.io',
  versions: ['v1alpha2', 'v1alpha1'],
  scope: 'cluster',
  role: 'other-network-policy',
} as const
const DEPLOYER = { scope: 'namespace', role: 'deployer' } as const

/**
 * Every kind that is read, one row each, by name: the kind, with the group where several kinds have
 * the same name.
 */
export const KINDS = {
  Namespace: { kind: 'Namespace', ...CORE, scope: 'cluster', role: 'namespace' },
  ServiceAccount: { kind: 'ServiceAccount', ...CORE, role: 'account' },
  Service: { kind: 'Service', ...CORE, role: 'service' },
  ServiceEntry: { kind: 'ServiceEntry', ...NETWORKING, role: 'service' },
  Gateway: { kind: 'Gateway', ...GATEWAY, role: 'gateway' },
  GatewayClass: { kind: 'GatewayClass', ...GATEWAY, scope: 'cluster', role: 'gateway' },
  Pod: { kind: 'Pod', ...CORE, role: 'pods' },
  Deployment: { kind: 'Deployment', ...APPS, alsoIn: ['extensions'] },
  StatefulSet: { kind: 'StatefulSet', ...APPS },
  DaemonSet: { kind: 'DaemonSet', ...APPS, alsoIn: ['extensions'] },
  ReplicaSet: { kind: 'ReplicaSet', ...APPS },
  Job: { kind: 'Job', ...BATCH },
  CronJob: { kind: 'CronJob', ...BATCH },
  WorkloadEntry: { kind: 'WorkloadEntry', ...NETWORKING, role: 'workload-entry' },
  WorkloadGroup: { kind: 'WorkloadGroup', ...NETWORKING, role: 'deployer' },
  AuthorizationPolicy: { kind: 'AuthorizationPolicy', ...SECURITY },
  PeerAuthentication: { kind: 'PeerAuthentication', ...SECURITY },
  RequestAuthentication: { kind: 'RequestAuthentication', ...SECURITY },
  NetworkPolicy: {
    kind: 'NetworkPolicy',
    group: 'networking.k8s.io',
    versions: ['v1'],
    scope: 'namespace',
    role: 'network-policy',
  },
  CiliumNetworkPolicy: { kind: 'CiliumNetworkPolicy', ...CILIUM },
  CiliumClusterwideNetworkPolicy: {
    kind: 'CiliumClusterwideNetworkPolicy',
    ...CILIUM,
    scope: 'cluster',
  },
  'NetworkPolicy.projectcalico.org': { kind: 'NetworkPolicy', ...CALICO },
  GlobalNetworkPolicy: { kind: 'GlobalNetworkPolicy', ...CALICO, scope: 'cluster' },
  AdminNetworkPolicy: { kind: 'AdminNetworkPolicy', ...ADMIN_NETWORK_POLICY },
  ClusterNetworkPolicy: { kind: 'ClusterNetworkPolicy', ...ADMIN_NETWORK_POLICY },
  HTTPRoute: { kind: 'HTTPRoute', ...GATEWAY, role: 'route' },
  GRPCRoute: { kind: 'GRPCRoute', ...GATEWAY, versions: ['v1'], role: 'route' },
  TCPRoute: { kind: 'TCPRoute', ...GATEWAY, versions: ['v1', 'v1alpha2'], role: 'side' },
  TLSRoute: {
    kind: 'TLSRoute',
    ...GATEWAY,
    versions: ['v1', 'v1alpha3', 'v1alpha2'],
    role: 'side',
  },
  VirtualService: { kind: 'VirtualService', ...NETWORKING, role: 'route' },
  DestinationRule: { kind: 'DestinationRule', ...NETWORKING, role: 'side' },
  Sidecar: { kind: 'Sidecar', ...NETWORKING, role: 'side' },
  'Gateway.networking.istio.io': { kind: 'Gateway', ...NETWORKING, role: 'istio-gateway' },
  IstioOperator: {
    kind: 'IstioOperator',
    group: 'install.istio.io',
    versions: ['v1alpha1'],
    scope: 'namespace',
    role: 'install',
  },
  Istio: {
    kind: 'Istio',
    group: 'sailoperator.io',
    alsoIn: ['operator.istio.io'],
    versions: ['v1', 'v1alpha1'],
    scope: 'cluster',
    role: 'install',
  },
  IstioCNI: {
    kind: 'IstioCNI',
    group: 'sailoperator.io',
    versions: ['v1', 'v1alpha1'],
    scope: 'cluster',
    role: 'install',
  },
  ServiceMeshControlPlane: {
    kind: 'ServiceMeshControlPlane',
    group: 'maistra.io',
    versions: ['v2', 'v1'],
    scope: 'namespace',
    role: 'install',
  },
  HelmRelease: {
    kind: 'HelmRelease',
    group: 'helm.toolkit.fluxcd.io',
    versions: ['v2', 'v2beta2', 'v2beta1'],
    ...DEPLOYER,
  },
  Kustomization: {
    kind: 'Kustomization',
    group: 'kustomize.toolkit.fluxcd.io',
    versions: ['v1', 'v1beta2', 'v1beta1'],
    ...DEPLOYER,
  },
  Application: {
    kind: 'Application',
    group: 'argoproj.io',
    versions: ['v1alpha1'],
    ...DEPLOYER,
  },
  ApplicationSet: {
    kind: 'ApplicationSet',
    group: 'argoproj.io',
    versions: ['v1alpha1'],
    ...DEPLOYER,
  },
  Ingress: {
    kind: 'Ingress',
    group: 'networking.k8s.io',
    alsoIn: ['extensions'],
    versions: ['v1', 'v1beta1'],
    scope: 'namespace',
    role: 'external-client',
  },
  MutatingWebhookConfiguration: { kind: 'MutatingWebhookConfiguration', ...WEBHOOKS },
  ValidatingWebhookConfiguration: { kind: 'ValidatingWebhookConfiguration', ...WEBHOOKS },
  APIService: { kind: 'APIService', ...WEBHOOKS, group: 'apiregistration.k8s.io' },
  PodMonitor: { kind: 'PodMonitor', ...MONITORING },
  ServiceMonitor: { kind: 'ServiceMonitor', ...MONITORING },
  WasmPlugin: {
    kind: 'WasmPlugin',
    group: 'extensions.istio.io',
    versions: ['v1alpha1'],
    scope: 'namespace',
    role: 'extension',
  },
  Telemetry: {
    kind: 'Telemetry',
    group: 'telemetry.istio.io',
    versions: ['v1', 'v1alpha1'],
    scope: 'namespace',
    role: 'extension',
  },
} as const satisfies Readonly<Record<string, KindFacts>>

export type KindName = keyof typeof KINDS
/** The names of the kinds that have one of these roles. */
export type KindNameOf<R extends KindRole> = {
  [N in KindName]: (typeof KINDS)[N]['role'] extends R ? N : never
}[KindName]

export const KIND_NAMES: readonly KindName[] = Object.keys(KINDS).filter(isKindName)

export function isKindName(name: string): name is KindName {
  return Object.hasOwn(KINDS, name)
}

/** The kinds that have one of these roles, in the order of the table. */
export function kindsOf<const R extends KindRole>(
  ...roles: readonly R[]
): readonly KindNameOf<R>[] {
  const wanted = new Set<KindRole>(roles)
  return KIND_NAMES.filter((name): name is KindNameOf<R> => wanted.has(KINDS[name].role))
}

/** The row of a kind, without its literal types. */
export function kindFacts(name: KindName): KindFacts {
  return KINDS[name]
}

/** `security.istio.io/v1`: the preferred version of a kind. */
export function apiVersionOf(name: KindName): string {
  const { group, versions } = kindFacts(name)
  return group === '' ? versions[0] : `${group}/${versions[0]}`
}

/** The kind of a group and a kind name; undefined for kinds that are not read. */
export function kindNamed(group: string, kind: string): KindName | undefined {
  return BY_GROUP_AND_KIND.get(`${group}/${kind}`)
}

const BY_GROUP_AND_KIND: ReadonlyMap<string, KindName> = new Map(
  KIND_NAMES.flatMap((name) => {
    const { kind, group, alsoIn = [] } = kindFacts(name)
    return [group, ...alsoIn].map((served): [string, KindName] => [`${served}/${kind}`, name])
  }),
)

/** What the objects of a kind are for; undefined for kinds that are not read. */
export function roleOf(name: string | undefined): KindRole | undefined {
  return name !== undefined && isKindName(name) ? KINDS[name].role : undefined
}

/** The kinds that a `targetRef` of a policy can name (docs/semantics.md §8.2). */
export const TARGET_KINDS = [
  'Service',
  'ServiceEntry',
  'Gateway',
  'GatewayClass',
] as const satisfies readonly KindName[]
export type TargetKind = (typeof TARGET_KINDS)[number]

/** Whether a `targetRef` names an HTTPRoute, which policies can target behind a flag (docs/semantics.md §3.11). */
export function isRouteTarget(group: string | undefined, kind: string | undefined): boolean {
  return group === KINDS.HTTPRoute.group && kind === KINDS.HTTPRoute.kind
}

/** The kind that a `targetRef` names; undefined for kinds that no policy can target. */
export function targetKind(group: string, kind: string): TargetKind | undefined {
  return TARGET_KINDS.find((name) => KINDS[name].kind === kind && KINDS[name].group === group)
}
