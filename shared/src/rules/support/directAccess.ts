import type { Workload } from '../../inventory/workloads.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { policiesAtZtunnel } from '../../ztunnel/enforcement.js'
import { namedPeers, unnamedIdentityIn, type NamedPeer } from '../../ztunnel/namedPeers.js'
import { probe } from '../../ztunnel/probe.js'
import { matchesPolicy } from '../../ztunnel/rbac.js'
import type { Identity } from '../../vocabulary/principal.js'
import { isChosenClient } from './gatewayAccounts.js'
import { hasUnreadablePolicy, unionOf, waypointIdentities } from './waypointArrivals.js'
import { waypointPaths } from './waypointPaths.js'

/** A client that an ALLOW policy lets in beside the waypoint. */
interface DirectClient {
  readonly label: string
  readonly policy: AuthorizationPolicy
}

/** Who can connect to a container port of a workload without a waypoint in between. */
export interface DirectAccess {
  readonly port: number
  /** Every identity of the mesh. */
  readonly everybody: boolean
  /** The ALLOW policies that let everybody in; empty where there is simply no ALLOW policy. */
  readonly openedBy: readonly AuthorizationPolicy[]
  readonly plaintext: boolean
  /** Where not everybody: those that a policy other than the waypoint's companion names. */
  readonly clients: readonly DirectClient[]
}

/** Direct access to the ports of a workload that its waypoints reach. Empty where nothing can be said: an address or a template decides. */
export const directAccess = query(
  'direct access',
  (mesh, workload: Workload): readonly DirectAccess[] => {
    if (mesh.hasOpaque('AuthorizationPolicy') || mesh.get(hasUnreadablePolicy, workload)) return []
    const ports = new Set(mesh.get(waypointPaths, workload).flatMap((path) => path.ports))
    return [...ports].flatMap((port) => accessTo(mesh, workload, port) ?? [])
  },
)

function accessTo(mesh: Mesh, workload: Workload, port: number): DirectAccess | undefined {
  const policies = mesh.get(unionOf, workload)
  const stranger = unnamedIdentityIn(mesh.settings.trustDomain)
  const open = probe(policies, { identity: stranger, port })
  const plaintext = probe(policies, { identity: undefined, port })
  if (open === 'unknown' || plaintext === 'unknown') return undefined
  const everybody = open === 'allow'
  return {
    port,
    everybody,
    openedBy: everybody
      ? allowing(mesh, workload)
          .filter(({ authorization }) => admits(authorization, stranger, port))
          .map(({ policy }) => policy)
      : [],
    // A template could make plaintext STRICT.
    plaintext: plaintext === 'allow' && !mesh.hasOpaque('PeerAuthentication'),
    clients: everybody ? [] : directClients(mesh, workload, port),
  }
}

function allowing(mesh: Mesh, workload: Workload) {
  return mesh
    .get(policiesAtZtunnel, workload)
    .flatMap(({ authorization, policy }) =>
      policy && authorization.action === 'Allow' && !authorization.dryRun
        ? [{ authorization, policy }]
        : [],
    )
}

function admits(
  policy: Parameters<typeof matchesPolicy>[0],
  identity: Identity,
  port: number,
): boolean {
  return matchesPolicy(policy, {
    identity,
    destinationPort: port,
    sourceIp: undefined,
    destinationIp: undefined,
  })
}

/** The ALLOW policies of a workload that name one of its waypoints. */
export const companionsOf = query(
  'companions',
  (mesh, workload: Workload): readonly AuthorizationPolicy[] => {
    const { trustDomain } = mesh.settings
    const named = allowing(mesh, workload).filter(({ authorization }) =>
      authorization.rules.some((rule) =>
        namedPeers(rule, trustDomain).some(
          (peer) => peer.exact && isWaypointOf(mesh, workload, peer),
        ),
      ),
    )
    return named.map(({ policy }) => policy)
  },
)

function isWaypointOf(mesh: Mesh, workload: Workload, { identity }: NamedPeer): boolean {
  const policies = mesh.get(unionOf, workload)
  const waypoints = mesh
    .get(waypointPaths, workload)
    .flatMap((path) => waypointIdentities(mesh, path, policies))
  return waypoints.some(
    (waypoint) =>
      waypoint.namespace === identity.namespace &&
      waypoint.serviceAccount === identity.serviceAccount,
  )
}

function directClients(mesh: Mesh, workload: Workload, port: number): DirectClient[] {
  const { trustDomain } = mesh.settings
  const policies = mesh.get(unionOf, workload)
  const companions = mesh.get(companionsOf, workload)
  return allowing(mesh, workload).flatMap(({ authorization, policy }) => {
    const peers = authorization.rules.flatMap((rule) => namedPeers(rule, trustDomain))
    // Accounts that stand beside the waypoint's in one policy are a chosen way; a namespace or a pattern is none.
    const chosen = (peer: NamedPeer): boolean =>
      isWaypointOf(mesh, workload, peer) ||
      (peer.exact && (companions.includes(policy) || isChosenClient(mesh, peer.identity)))
    return peers
      .filter(
        (peer) =>
          !chosen(peer) &&
          admits(authorization, peer.identity, port) &&
          probe(policies, { identity: peer.identity, port }) === 'allow',
      )
      .map(({ label }) => ({ label, policy }))
  })
}
