import type { Workload } from '../../inventory/workloads.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import { NONE } from '../../text/collections.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { policiesAtZtunnel } from '../../ztunnel/enforcement.js'
import { namedPeers, unnamedIdentityIn, type NamedPeer } from '../../ztunnel/namedPeers.js'
import { probe } from '../../ztunnel/probe.js'
import { matchesPolicy } from '../../ztunnel/rbac.js'
import type { Identity } from '../../vocabulary/principal.js'
import { isGatewayAccount } from '../support/gatewayAccounts.js'
import { waypointPaths } from '../support/waypointPaths.js'
import {
  hasUnreadablePolicy,
  waypointIdentities,
  ztunnelPoliciesOf,
} from '../support/waypointVerdicts.js'

/** A client that an ALLOW policy allows in addition to the waypoint. */
interface DirectClient {
  readonly label: string
  readonly policy: AuthorizationPolicy
}

/** The clients that can connect to a container port of a workload without its waypoint. */
export interface DirectAccess {
  readonly port: number
  /** Whether every identity of the mesh can connect. */
  readonly anyIdentity: boolean
  /** The ALLOW policies that allow any identity; empty where there is no ALLOW policy. */
  readonly openedBy: readonly AuthorizationPolicy[]
  readonly plaintext: boolean
  /** Named by a policy other than the waypoint's companion; empty with `anyIdentity`. */
  readonly clients: readonly DirectClient[]
}

/**
 * Direct access to the ports behind a workload's waypoints. A port is left out where an address or a template
 * decides.
 */
export const directAccess = query(
  'direct access',
  (mesh, workload: Workload): readonly DirectAccess[] => {
    if (mesh.hasOpaque('AuthorizationPolicy') || mesh.get(hasUnreadablePolicy, workload)) return []
    const ports = new Set(mesh.get(waypointPaths, workload).flatMap((path) => path.ports))
    return [...ports].flatMap((port) => accessTo(mesh, workload, port) ?? [])
  },
)

function accessTo(mesh: Mesh, workload: Workload, port: number): DirectAccess | undefined {
  const policies = mesh.get(ztunnelPoliciesOf, workload)
  const unnamedIdentity = unnamedIdentityIn(mesh.settings.trustDomain)
  const meshVerdict = probe(policies, { identity: unnamedIdentity, port })
  const plaintextVerdict = probe(policies, { identity: undefined, port })
  if (meshVerdict === 'unknown' || plaintextVerdict === 'unknown') return undefined
  const anyIdentity = meshVerdict === 'allow'
  return {
    port,
    anyIdentity,
    openedBy: anyIdentity
      ? allowPoliciesOf(mesh, workload)
          .filter(({ authorization }) => allows(authorization, unnamedIdentity, port))
          .map(({ policy }) => policy)
      : [],
    // A template could set STRICT.
    plaintext: plaintextVerdict === 'allow' && !mesh.hasOpaque('PeerAuthentication'),
    clients: anyIdentity ? [] : directClients(mesh, workload, port),
  }
}

/** The ALLOW policies that ztunnel enforces for a workload. */
export function allowPoliciesOf(mesh: Mesh, workload: Workload) {
  return mesh
    .get(policiesAtZtunnel, workload)
    .flatMap(({ authorization, policy }) =>
      policy && authorization.action === 'Allow' && !authorization.dryRun
        ? [{ authorization, policy }]
        : [],
    )
}

function allows(
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
export const companionPoliciesOf = query(
  'companion policies',
  (mesh, workload: Workload): readonly AuthorizationPolicy[] => {
    if (mesh.get(waypointPaths, workload).length === 0) return NONE
    const { trustDomain } = mesh.settings
    const companions = allowPoliciesOf(mesh, workload).filter(({ authorization }) =>
      authorization.rules.some((rule) =>
        namedPeers(rule, trustDomain).some(
          (peer) => peer.exact && isOwnWaypoint(mesh, workload, peer),
        ),
      ),
    )
    return companions.map(({ policy }) => policy)
  },
)

/** Whether a client that a policy names is a waypoint in front of the workload. */
export function isOwnWaypoint(mesh: Mesh, workload: Workload, { identity }: NamedPeer): boolean {
  const policies = mesh.get(ztunnelPoliciesOf, workload)
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
  const policies = mesh.get(ztunnelPoliciesOf, workload)
  const companions = mesh.get(companionPoliciesOf, workload)
  return allowPoliciesOf(mesh, workload).flatMap(({ authorization, policy }) => {
    const peers = authorization.rules.flatMap((rule) => namedPeers(rule, trustDomain))
    // An account in the same policy as the waypoint's is intended; a namespace or a pattern is not.
    const isIntended = (peer: NamedPeer): boolean =>
      isOwnWaypoint(mesh, workload, peer) ||
      (peer.exact && (companions.includes(policy) || isIntendedDirectClient(mesh, peer.identity)))
    return peers
      .filter(
        (peer) =>
          !isIntended(peer) &&
          allows(authorization, peer.identity, port) &&
          probe(policies, { identity: peer.identity, port }) === 'allow',
      )
      .map(({ label }) => ({ label, policy }))
  })
}

/** Whether direct access of an account is intended: gateways and scrapers do not use waypoints. */
function isIntendedDirectClient(mesh: Mesh, identity: Identity): boolean {
  return (
    /prometheus|metrics|scrape/.test(identity.serviceAccount) || isGatewayAccount(mesh, identity)
  )
}
