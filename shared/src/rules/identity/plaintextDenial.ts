import type { Workload } from '../../inventory/workloads.js'
import type { KnownCertainty, Evidence } from '../../mesh/certainty.js'
import { enrolmentOf } from '../../mesh/enrolment.js'
import { bypassesInboundCapture } from '../../mesh/pods.js'
import type { Mesh } from '../../mesh/mesh.js'
import { targetPortOf, workloadsOfService } from '../../mesh/services.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { PeerAuthentication } from '../../resources/peerAuthentication.js'
import { peerAuthenticationOf, policiesAtZtunnel } from '../../ztunnel/enforcement.js'
import { acceptsPlaintext } from '../../ztunnel/peerAuthentication.js'
import { namedPeers } from '../../ztunnel/namedPeers.js'
import { probe } from '../../ztunnel/probe.js'
import { isEnrolmentEvident } from '../support/evidentEnrolment.js'
import { isOfPlainVariant } from '../support/plainVariant.js'
import { hasUnreadablePolicy } from '../support/waypointVerdicts.js'
import type { PlaintextClient } from './plaintextClients.js'
import { mutualTlsCertainty } from './plaintext.js'

/** The ports of a Service's pods that deny a client without an identity, and why. */
export interface PlaintextDenial {
  /** Container ports, ascending. */
  readonly ports: readonly number[]
  /** Ports on which mutual TLS is STRICT. */
  readonly strictPorts: readonly number[]
  /** Ports on which ALLOW policies allow only identities. */
  readonly allowPorts: readonly number[]
  /** The PeerAuthentication that selects the pods, if it is the same for all of them. */
  readonly peer: PeerAuthentication | undefined
  readonly certainties: readonly KnownCertainty[]
  readonly evidence: readonly Evidence[]
}

interface DeniedPort {
  readonly workload: Workload
  readonly port: number
  readonly strict: boolean
  readonly allow: readonly AuthorizationPolicy[]
  readonly certainty: KnownCertainty
}

/**
 * The ports that deny a client because it has no identity; undefined if there is none, or if the
 * files do not show it.
 */
export function denialOf(
  mesh: Mesh,
  { service, port }: PlaintextClient,
): PlaintextDenial | undefined {
  if (isOfPlainVariant(mesh, service)) return undefined
  const servicePorts = service.ports.filter(
    (candidate) =>
      candidate.protocol === 'TCP' &&
      (port === undefined || candidate.port === port || candidate.name === port),
  )
  const deniedPorts = mesh
    .get(workloadsOfService, service)
    .filter((workload) => isCapturedForPlaintext(mesh, workload))
    .flatMap((workload) => {
      const targets = new Set(
        servicePorts.flatMap(({ targetPort }) => targetPortOf(workload, targetPort) ?? []),
      )
      return [...targets].flatMap((target) => deniedOn(mesh, workload, target) ?? [])
    })
    .filter((denied) => isInMesh(mesh, denied))
  if (deniedPorts.length === 0) return undefined
  const ports = (of: readonly DeniedPort[]): number[] =>
    [...new Set(of.map((each) => each.port))].sort((a, b) => a - b)
  const peers = deniedPorts.flatMap(({ workload, strict }) =>
    strict ? decidingPeerAuthentication(mesh, workload) : [],
  )
  const own = new Set(
    deniedPorts.map(({ workload }) => mesh.get(peerAuthenticationOf, workload).workload),
  )
  const policies = [...new Set([...peers, ...deniedPorts.flatMap(({ allow }) => allow)])]
  return {
    ports: ports(deniedPorts),
    strictPorts: ports(deniedPorts.filter(({ strict }) => strict)),
    allowPorts: ports(deniedPorts.filter(({ allow }) => allow.length > 0)),
    peer: own.size === 1 ? [...own][0] : undefined,
    certainties: deniedPorts.map(({ certainty }) => certainty),
    evidence: [
      ...policies.slice(0, 4).map((resource) => ({
        resource,
        path: ['metadata', 'name'],
        message:
          resource.type === 'PeerAuthentication'
            ? 'This PeerAuthentication requires mTLS.'
            : 'This policy allows only clients with an identity.',
      })),
      ...deniedPorts
        .slice(0, 1)
        .flatMap(({ workload }) => mesh.get(enrolmentOf, workload).evidence),
    ],
  }
}

/**
 * Whether the files show that a workload is in a mesh. A policy in its own namespace shows it, a policy
 * of the root namespace does not.
 */
function isInMesh(mesh: Mesh, { workload, strict, allow }: DeniedPort): boolean {
  const policies = [...allow, ...(strict ? decidingPeerAuthentication(mesh, workload) : [])]
  return (
    policies.some(({ namespace }) => namespace === workload.namespace) ||
    isEnrolmentEvident(mesh, mesh.get(enrolmentOf, workload))
  )
}

/** Whether a workload is captured and does not bypass inbound capture by its annotation. */
function isCapturedForPlaintext(mesh: Mesh, workload: Workload): boolean {
  return mesh.get(enrolmentOf, workload).mode === 'ambient' && !bypassesInboundCapture(workload)
}

function deniedOn(mesh: Mesh, workload: Workload, port: number): DeniedPort | undefined {
  const enrolment = mesh.get(enrolmentOf, workload)
  if (enrolment.mode === 'unknown') return undefined
  const strict =
    mesh.get(mutualTlsCertainty, workload).level !== 'unknown' &&
    !acceptsPlaintext(mesh.get(peerAuthenticationOf, workload), port)
  const allow = identityOnlyPolicies(mesh, workload, port)
  return strict || allow.length > 0
    ? { workload, port, strict, allow, certainty: enrolment.certainty }
    : undefined
}

/**
 * The ALLOW policies of a workload that allow some identities on a port, if none of them allows
 * plaintext there.
 */
function identityOnlyPolicies(mesh: Mesh, workload: Workload, port: number): AuthorizationPolicy[] {
  if (mesh.hasOpaque('AuthorizationPolicy') || mesh.get(hasUnreadablePolicy, workload)) return []
  const { trustDomain } = mesh.settings
  const allowing = mesh
    .get(policiesAtZtunnel, workload)
    .filter(({ authorization }) => authorization.action === 'Allow' && !authorization.dryRun)
  const authorizations = allowing.map(({ authorization }) => authorization)
  if (probe(authorizations, { identity: undefined, port }) !== 'deny') return []
  return allowing.flatMap(({ authorization, policy }) => {
    const allowsIdentity = authorization.rules.some((rule) =>
      namedPeers(rule, trustDomain).some(
        ({ identity }) => probe([authorization], { identity, port }) === 'allow',
      ),
    )
    return policy && allowsIdentity ? [policy] : []
  })
}

/** The PeerAuthentication that decides the mode of a workload. */
function decidingPeerAuthentication(mesh: Mesh, workload: Workload): PeerAuthentication[] {
  const { mesh: meshWide, namespace, workload: own } = mesh.get(peerAuthenticationOf, workload)
  const deciding = [own, namespace, meshWide].find(
    (policy) => policy !== undefined && policy.mode !== 'UNSET',
  )
  return deciding ? [deciding] : []
}
