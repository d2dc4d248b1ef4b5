import type { Workload } from '../../inventory/workloads.js'
import type { KnownCertainty, Evidence } from '../../mesh/certainty.js'
import { enrolmentOf } from '../../mesh/enrolment.js'
import type { Mesh } from '../../mesh/mesh.js'
import { targetPortOf, workloadsOfService } from '../../mesh/services.js'
import { parseBool } from '../../text/goValues.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { PeerAuthentication } from '../../resources/peerAuthentication.js'
import { peerAuthenticationOf, policiesInForce } from '../../ztunnel/enforcement.js'
import { acceptsPlaintext } from '../../ztunnel/peerAuthentication.js'
import { namedPeers } from '../../ztunnel/namedPeers.js'
import { probe } from '../../ztunnel/probe.js'
import { hasUnreadablePolicy } from '../support/waypointArrivals.js'
import type { PlaintextClient } from './plaintextClients.js'
import { mutualTlsCertainty } from './plaintext.js'
import { BYPASS_INBOUND_CAPTURE } from '../../vocabulary/annotations.js'

/** What refuses a client without an identity at pods of a Service. */
export interface PlaintextRefusal {
  /** Container ports, ascending. */
  readonly ports: readonly number[]
  /** Ports that mutual TLS closes, and those that ALLOW policies by identity do. */
  readonly strictPorts: readonly number[]
  readonly allowPorts: readonly number[]
  /** The PeerAuthentication of the pods themselves, where it is one for all of them. */
  readonly peer: PeerAuthentication | undefined
  readonly certainties: readonly KnownCertainty[]
  readonly evidence: readonly Evidence[]
}

interface Refused {
  readonly workload: Workload
  readonly port: number
  readonly strict: boolean
  readonly allow: readonly AuthorizationPolicy[]
  readonly certainty: KnownCertainty
}

/** The ports on which a client is refused for want of an identity; undefined where it is not, or nobody can tell. */
export function refusalOf(
  mesh: Mesh,
  { service, port }: PlaintextClient,
): PlaintextRefusal | undefined {
  const meant = service.ports.filter(
    (candidate) =>
      candidate.protocol === 'TCP' &&
      (port === undefined || candidate.port === port || candidate.name === port),
  )
  const refused = mesh
    .get(workloadsOfService, service)
    .filter((workload) => isInterceptedFor(mesh, workload))
    .flatMap((workload) => {
      const targets = new Set(
        meant.flatMap(({ targetPort }) => targetPortOf(workload, targetPort) ?? []),
      )
      return [...targets].flatMap((target) => refusedOn(mesh, workload, target) ?? [])
    })
  if (refused.length === 0) return undefined
  const ports = (of: readonly Refused[]): number[] =>
    [...new Set(of.map((each) => each.port))].sort((a, b) => a - b)
  const peers = refused.flatMap(({ workload, strict }) =>
    strict ? levelsInForce(mesh, workload) : [],
  )
  const own = new Set(
    refused.map(({ workload }) => mesh.get(peerAuthenticationOf, workload).workload),
  )
  const policies = [...new Set([...peers, ...refused.flatMap(({ allow }) => allow)])]
  return {
    ports: ports(refused),
    strictPorts: ports(refused.filter(({ strict }) => strict)),
    allowPorts: ports(refused.filter(({ allow }) => allow.length > 0)),
    peer: own.size === 1 ? [...own][0] : undefined,
    certainties: refused.map(({ certainty }) => certainty),
    evidence: [
      ...policies.slice(0, 4).map((resource) => ({
        resource,
        path: ['metadata', 'name'],
        message:
          resource.type === 'PeerAuthentication'
            ? 'This asks for mutual TLS.'
            : 'This admits identities alone.',
      })),
      ...refused.slice(0, 1).flatMap(({ workload }) => mesh.get(enrolmentOf, workload).evidence),
    ],
  }
}

/** Captured, and not by its own annotation left open for plaintext. */
function isInterceptedFor(mesh: Mesh, workload: Workload): boolean {
  if (workload.type === 'WorkloadEntry' || mesh.get(enrolmentOf, workload).mode !== 'ambient')
    return false
  return parseBool(workload.template.annotations?.[BYPASS_INBOUND_CAPTURE] ?? 'false') !== true
}

function refusedOn(mesh: Mesh, workload: Workload, port: number): Refused | undefined {
  const enrolment = mesh.get(enrolmentOf, workload)
  if (enrolment.mode === 'unknown') return undefined
  const strict =
    mesh.get(mutualTlsCertainty, workload).level !== 'unknown' &&
    !acceptsPlaintext(mesh.get(peerAuthenticationOf, workload), port)
  const allow = refusingAllow(mesh, workload, port)
  return strict || allow.length > 0
    ? { workload, port, strict, allow, certainty: enrolment.certainty }
    : undefined
}

/** The ALLOW policies of a workload, where they admit somebody by identity to a port and nobody without one. */
function refusingAllow(mesh: Mesh, workload: Workload, port: number): AuthorizationPolicy[] {
  if (mesh.hasOpaque('AuthorizationPolicy') || mesh.get(hasUnreadablePolicy, workload)) return []
  const { trustDomain } = mesh.settings
  const allowing = mesh
    .get(policiesInForce, workload)
    .filter(({ authorization }) => authorization.action === 'Allow' && !authorization.dryRun)
  const authorizations = allowing.map(({ authorization }) => authorization)
  if (probe(authorizations, { identity: undefined, port }) !== 'deny') return []
  return allowing.flatMap(({ authorization, policy }) => {
    const admits = authorization.rules.some((rule) =>
      namedPeers(rule, trustDomain).some(
        ({ identity }) => probe([authorization], { identity, port }) === 'allow',
      ),
    )
    return policy && admits ? [policy] : []
  })
}

/** The PeerAuthentications that decide for a workload. */
function levelsInForce(mesh: Mesh, workload: Workload): PeerAuthentication[] {
  const { mesh: meshWide, namespace, workload: own } = mesh.get(peerAuthenticationOf, workload)
  const deciding = [own, namespace, meshWide].find(
    (policy) => policy !== undefined && policy.mode !== 'UNSET',
  )
  return deciding ? [deciding] : []
}
