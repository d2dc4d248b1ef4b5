import { keys } from '../inventory/indexKeys.js'
import type { Workload } from '../inventory/workloads.js'
import { enrolmentOf } from '../mesh/enrolment.js'
import { classRole, gatewayServiceAccount, isGatewayPod } from '../mesh/gatewayClass.js'
import { podLabels } from '../mesh/pods.js'
import { query, type Mesh } from '../mesh/mesh.js'
import { parseBool } from '../text/goValues.js'
import { DNS_CAPTURE, INJECT_TEMPLATES } from '../vocabulary/annotations.js'
import type { Identity } from '../vocabulary/principal.js'
import { formatServiceAccount, parseServiceAccount } from '../vocabulary/serviceAccountName.js'
import type { RequestSource } from './request.js'

/** The proxy of a client: ztunnel, a sidecar, an ingress gateway, or none (outside the mesh). */
type ClientKind = 'ambient' | 'sidecar' | 'ingress' | 'outside'

/** The other end of a connection, as a proxy sees it. */
export interface Peer {
  /** Undefined for a client outside the mesh. */
  readonly identity: Identity | undefined
  readonly ip: string | undefined
}

export interface Client extends Peer {
  readonly kind: ClientKind
  /** What its pods say about DNS capture, each value once; `undefined` where they leave it to the CNI. */
  readonly dnsCapture: readonly (boolean | undefined)[]
  readonly assumptions: readonly string[]
}

/** The client of a request: its kind is the one of the workloads and Gateways that use its service account. */
export function clientOf(mesh: Mesh, from: RequestSource): Client {
  const { namespace, serviceAccount, ip } = from
  if (namespace === undefined || serviceAccount === undefined)
    return { kind: 'outside', identity: undefined, ip, dnsCapture: [], assumptions: [] }
  const identity: Identity = {
    trustDomain: from.trustDomain ?? mesh.settings.trustDomain,
    namespace,
    serviceAccount,
  }
  const { kind, dnsCapture, assumptions } = mesh.get(
    clientsOfAccount,
    formatServiceAccount({ namespace, serviceAccount }),
  )
  return {
    kind,
    identity: kind === 'outside' ? undefined : identity,
    ip,
    dnsCapture,
    assumptions,
  }
}

/** What all clients of an account (`namespace/name`) have in common. */
const clientsOfAccount = query(
  'clients of an account',
  (mesh, account: string): Pick<Client, 'kind' | 'dnsCapture' | 'assumptions'> => {
    const { namespace, serviceAccount } = parseServiceAccount(account, '')
    const kinds = kindsOf(mesh, namespace, serviceAccount)
    const dnsCapture = dnsCaptureOf(mesh, namespace, serviceAccount)
    const [only] = kinds
    if (kinds.size === 0 && hasWorkloadEntry(mesh, namespace, serviceAccount))
      return {
        kind: 'sidecar',
        dnsCapture,
        assumptions: [`the client ${account}, a WorkloadEntry, has a proxy of the mesh`],
      }
    if (kinds.size === 1 && only) return { kind: only, dnsCapture, assumptions: [] }
    const kind =
      (['ambient', 'sidecar', 'ingress'] as const).find((candidate) => kinds.has(candidate)) ??
      'ambient'
    return { kind, dnsCapture, assumptions: [`the client ${account} runs ${PLACES[kind]}`] }
  },
)

/** A machine outside of Kubernetes with a service account: the account is for its proxy. */
function hasWorkloadEntry(mesh: Mesh, namespace: string, serviceAccount: string): boolean {
  return mesh
    .workloadsAt(keys.identity(namespace, serviceAccount))
    .some(({ type }) => type === 'WorkloadEntry')
}

const PLACES = {
  ambient: 'in a pod in ambient mode',
  sidecar: 'in a pod with a sidecar',
  ingress: 'as an ingress gateway',
} as const

/** The annotation `ambient.istio.io/dns-capture` of the captured pods of a client (`cni/pkg/nodeagent/net.go`). */
function dnsCaptureOf(
  mesh: Mesh,
  namespace: string,
  serviceAccount: string,
): readonly (boolean | undefined)[] {
  const said = mesh
    .workloadsAt(keys.identity(namespace, serviceAccount))
    .filter((workload) => mesh.get(enrolmentOf, workload).mode === 'ambient')
    .map((workload) =>
      workload.type === 'WorkloadEntry'
        ? undefined
        : parseBool(workload.template.annotations?.[DNS_CAPTURE] ?? ''),
    )
  return said.length > 0 ? [...new Set(said)] : [undefined]
}

/** Whether the proxy of a pod is a gateway: by its labels, or by the template that istiod injects. */
function isGateway(workload: Workload): boolean {
  if (isGatewayPod(podLabels(workload))) return true
  const templates =
    workload.type === 'WorkloadEntry'
      ? undefined
      : workload.template.annotations?.[INJECT_TEMPLATES]
  return templates?.split(',').some((name) => name.trim() === 'gateway') ?? false
}

function kindsOf(mesh: Mesh, namespace: string, serviceAccount: string): Set<ClientKind> {
  const kinds = new Set<ClientKind>()
  for (const workload of mesh.workloadsAt(keys.identity(namespace, serviceAccount))) {
    if (workload.type === 'WorkloadEntry') continue
    const { mode } = mesh.get(enrolmentOf, workload)
    if (mode === 'unknown') continue
    if (mode === 'ambient') kinds.add(mode)
    else if (isGateway(workload)) kinds.add('ingress')
    else kinds.add(mode === 'sidecar' ? mode : 'outside')
  }
  for (const gateway of mesh.inNamespace('Gateway', namespace)) {
    if (
      mesh.get(classRole, gateway.gatewayClassName) === 'ingress' &&
      mesh.get(gatewayServiceAccount, gateway) === serviceAccount
    )
      kinds.add('ingress')
  }
  return kinds
}
