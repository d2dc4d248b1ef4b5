import { apiVersionOf, kindFacts, KINDS, type KindName } from '../../vocabulary/kinds.js'
import { list, map, scalar, type Field, type FieldsAt } from './field.js'

/** The kinds whose objects can be written from nothing, the most usual first. */
export const WRITTEN_KINDS = [
  'AuthorizationPolicy',
  'PeerAuthentication',
  'RequestAuthentication',
  'Gateway',
  'Namespace',
  'ServiceEntry',
  'HTTPRoute',
] as const satisfies readonly KindName[]

/** What the objects of a kind do. */
const MEANINGS: Readonly<Record<(typeof WRITTEN_KINDS)[number], string>> = {
  AuthorizationPolicy:
    'Allows or denies requests, at ztunnel (`selector`) or at a waypoint (`targetRefs`).',
  PeerAuthentication: 'Whether ztunnel accepts plaintext connections.',
  RequestAuthentication: 'Which tokens (JWT) a waypoint accepts.',
  Gateway: 'A waypoint (class `istio-waypoint`) or an ingress gateway.',
  Namespace: 'Labels put all its pods in ambient mode and choose its waypoint.',
  ServiceEntry: 'Hosts that are not Services of the cluster.',
  HTTPRoute: 'Routes requests at a waypoint or an ingress gateway.',
}

/** The kinds as values of the key `kind`. */
export const KIND_VALUES: Readonly<Record<string, string>> = MEANINGS

/** The API versions of these kinds, the preferred one of each group first. */
export const API_VERSIONS: Readonly<Record<string, string>> = Object.fromEntries(
  WRITTEN_KINDS.map((name) => [
    apiVersionOf(name),
    WRITTEN_KINDS.filter((other) => apiVersionOf(other) === apiVersionOf(name)).join(', '),
  ]),
)

/** The API versions of the kinds with a name. */
export function apiVersionsOfKind(kind: string): Readonly<Record<string, string>> {
  const names = WRITTEN_KINDS.filter((name) => KINDS[name].kind === kind)
  return names.length === 0
    ? API_VERSIONS
    : Object.fromEntries(names.map((name) => [apiVersionOf(name), kindFacts(name).kind]))
}

/** The kinds that an API version contains. */
export function kindsOfApiVersion(
  apiVersion: string | undefined,
): Readonly<Record<string, string>> {
  const group = apiVersion?.split('/').slice(0, -1).join('/')
  const inGroup = WRITTEN_KINDS.filter((name) => kindFacts(name).group === group)
  const names = inGroup.length > 0 ? inGroup : WRITTEN_KINDS
  return Object.fromEntries(names.map((name) => [kindFacts(name).kind, MEANINGS[name]]))
}

const NAMESPACE = scalar(
  'namespace',
  'The namespace of the object. If it is absent, the tool that applies the file chooses it.',
)

/** The keys that every object has. */
export function objectFields(kind: KindName | undefined): readonly FieldsAt[] {
  const isCluster = kind !== undefined && kindFacts(kind).scope === 'cluster'
  return [
    { at: [], fields: ROOT_FIELDS },
    {
      at: ['metadata'],
      fields: [
        scalar('name', 'The name of the object, unique for its kind in its namespace.'),
        ...(isCluster ? [] : [NAMESPACE]),
        map('labels', kind === undefined ? '' : LABEL_WORDS),
        map(
          'annotations',
          'Settings that Istio and other tools read. Selectors do not match them.',
        ),
      ],
    },
  ]
}

const LABEL_WORDS =
  'Labels of this object. Istio reads `istio.io/…` labels only from the kinds that they are for. Selectors of policies match the labels of **pods**.'

const ROOT_FIELDS: readonly Field[] = [
  scalar(
    'apiVersion',
    'The API group and version. A version that the API server does not know is rejected.',
    API_VERSIONS,
  ),
  scalar('kind', 'The kind of the object.', KIND_VALUES),
  map('metadata', 'Name, namespace, labels and annotations.'),
  map('spec', 'What the object says.'),
]

/** The keys of a ServiceEntry below `spec`. */
export const SERVICE_ENTRY_FIELDS: readonly FieldsAt[] = [
  {
    at: ['spec'],
    fields: [
      list('hosts', 'Host names. A client that calls one of them uses this ServiceEntry.'),
      list(
        'addresses',
        'Virtual addresses. Without them, istiod gives the hosts addresses from a reserved range where it can.',
      ),
      list('ports', 'The ports of the hosts.'),
      scalar('location', 'Whether the hosts belong to the mesh.', {
        MESH_EXTERNAL: 'The hosts are outside the mesh (the default).',
        MESH_INTERNAL: 'The hosts are workloads of the mesh.',
      }),
      scalar('resolution', 'How a proxy finds the addresses of the hosts.', {
        NONE: 'The proxy uses the address that the client called (the default).',
        STATIC: 'The addresses are in `endpoints`.',
        DNS: 'The proxy asks DNS for the host, or for the hosts in `endpoints`.',
        DNS_ROUND_ROBIN: 'As `DNS`, with one connection to the first address.',
        DYNAMIC_DNS: 'The proxy asks DNS for the host of the request. Hosts can have wildcards.',
      }),
      list('endpoints', 'The addresses behind the hosts.'),
      map('workloadSelector', 'Pods and WorkloadEntries behind the hosts.'),
      list(
        'exportTo',
        'Namespaces that see the ServiceEntry with sidecars. In ambient mode every namespace sees it.',
      ),
    ],
  },
]
