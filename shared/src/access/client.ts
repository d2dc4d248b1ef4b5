import { keys } from '../inventory/indexKeys.js'
import { enrolmentOf } from '../mesh/enrolment.js'
import { classRole, gatewayServiceAccount, isGatewayPod } from '../mesh/gatewayClass.js'
import { podLabels } from '../mesh/pods.js'
import type { Mesh } from '../mesh/mesh.js'
import type { Identity } from '../vocabulary/principal.js'
import { formatServiceAccount } from '../vocabulary/serviceAccountName.js'
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
  readonly assumptions: readonly string[]
}

/** The client of a request: its kind is the one of the workloads and Gateways that use its service account. */
export function clientOf(mesh: Mesh, from: RequestSource): Client {
  const { namespace, serviceAccount, ip } = from
  if (namespace === undefined || serviceAccount === undefined)
    return { kind: 'outside', identity: undefined, ip, assumptions: [] }
  const identity: Identity = {
    trustDomain: from.trustDomain ?? mesh.settings.trustDomain,
    namespace,
    serviceAccount,
  }
  const kinds = kindsOf(mesh, namespace, serviceAccount)
  const [only] = kinds
  if (kinds.size === 1 && only)
    return { kind: only, identity: only === 'outside' ? undefined : identity, ip, assumptions: [] }
  const kind =
    (['ambient', 'sidecar', 'ingress'] as const).find((candidate) => kinds.has(candidate)) ??
    'ambient'
  return {
    kind,
    identity,
    ip,
    assumptions: [
      `the client ${formatServiceAccount({ namespace, serviceAccount })} runs ${PLACES[kind]}`,
    ],
  }
}

const PLACES = {
  ambient: 'in a pod in ambient mode',
  sidecar: 'in a pod with a sidecar',
  ingress: 'as an ingress gateway',
} as const

function kindsOf(mesh: Mesh, namespace: string, serviceAccount: string): Set<ClientKind> {
  const kinds = new Set<ClientKind>()
  for (const workload of mesh.workloadsAt(keys.identity(namespace, serviceAccount))) {
    const { mode } = mesh.get(enrolmentOf, workload)
    if (mode === 'unknown') continue
    if (mode === 'ambient' || mode === 'sidecar') kinds.add(mode)
    else kinds.add(isGatewayPod(podLabels(workload)) ? 'ingress' : 'outside')
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
