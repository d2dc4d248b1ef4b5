import type { Mesh } from '../mesh/mesh.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import {
  policiesAtConnect,
  policiesAtSidecar,
  policiesAtWaypoint,
  policiesOfRoutes,
  requestAuthenticationsAtSidecar,
  requestAuthenticationsAtWaypoint,
} from '../waypoint/attachedPolicies.js'
import { hasLayeredPolicies } from '../waypoint/attachment.js'
import { isOpaque } from '../waypoint/portProtocol.js'
import { possiblePoliciesAtZtunnel } from '../ztunnel/enforcement.js'
import { requiredTokens } from '../waypoint/requiredTokens.js'
import { distinctAtoms, type Atom } from './atom.js'
import { clientAtoms } from './clientAtoms.js'
import { policyAtoms, readsHttp, type Known, type Sight } from './policyAtoms.js'
import { hasSidecar, hasZtunnel, type Reach } from './reach.js'
import { routeAtoms } from './routeAtoms.js'
import { tokenAtoms } from './tokenAtoms.js'
import { ztunnelAtoms } from './ztunnelAtoms.js'

/** What the proxies of a way read of a request. */
export interface ReachAtoms {
  readonly atoms: readonly Atom[]
  /** Whether a proxy can give a plain TCP connection another verdict than every HTTP request. */
  readonly readsHttp: boolean
}

const AT_CONNECT: Sight = { client: true, sourceIp: false, http: false, port: true }
const AT_SIDECAR: Sight = { client: true, sourceIp: true, http: true, port: false }
const BEHIND_WAYPOINT: Sight = { client: false, sourceIp: false, http: true, port: false }

/**
 * The atoms of everything that can evaluate or route a request on a way.
 *
 * @param known what is known of some requests: only what it leaves open is listed.
 */
export function reachAtoms(mesh: Mesh, reach: Reach, known?: Known): ReachAtoms {
  const { chains, tables, direct, behind, routed, protocol, readings } = reach
  const behindWaypoint = [...behind.map(({ workload }) => workload), ...routed]
  const atWaypoint: Sight = { client: true, sourceIp: false, http: !isOpaque(protocol), port: true }
  const ofRoutes = chains.flatMap((chain) => policiesOfRoutes(mesh, chain))
  const seen: { readonly policies: readonly AuthorizationPolicy[]; readonly sight: Sight }[] = [
    ...chains.map((chain) => ({ policies: policiesAtWaypoint(mesh, chain), sight: atWaypoint })),
    ...ofRoutes.map((policies) => ({ policies, sight: atWaypoint })),
    ...(hasLayeredPolicies(mesh) ? chains : []).map(({ gateway }) => ({
      policies: policiesAtConnect(mesh, gateway),
      sight: AT_CONNECT,
    })),
    ...direct
      .filter(({ workload }) => hasSidecar(mesh, workload))
      .map(({ workload }) => ({
        policies: mesh.get(policiesAtSidecar, workload),
        sight: AT_SIDECAR,
      })),
    ...behindWaypoint
      .filter((workload) => hasSidecar(mesh, workload))
      .map((workload) => ({
        policies: mesh.get(policiesAtSidecar, workload),
        sight: BEHIND_WAYPOINT,
      })),
  ]
  const atEnvoy = distinctAtoms(
    seen.flatMap(({ policies, sight }) =>
      policies.flatMap((policy) => policyAtoms(mesh, policy, sight, known)),
    ),
  )
  const sidecars = [...direct.map(({ workload }) => workload), ...behindWaypoint].filter(
    (workload) => hasSidecar(mesh, workload),
  )
  const authentications = [
    ...chains.flatMap((chain) => requestAuthenticationsAtWaypoint(mesh, chain)),
    ...sidecars.flatMap((workload) => mesh.get(requestAuthenticationsAtSidecar, workload)),
  ]
  const required = requiredTokens(mesh, authentications)
  const atZtunnel = [...new Set(direct.map(({ workload }) => workload))]
    .filter((workload) => hasZtunnel(mesh, workload))
    .flatMap((workload) => mesh.get(possiblePoliciesAtZtunnel, workload).flat())
    .flatMap(({ authorization }) => ztunnelAtoms(authorization))
  const routes = tables.flatMap(({ isHttp, table }) =>
    isHttp ? table.rules.flatMap(({ match }) => (match ? routeAtoms(match) : [])) : [],
  )
  return {
    atoms: distinctAtoms([
      ...clientAtoms(mesh, readings),
      ...atEnvoy.filter(({ dimension }) => dimension !== 'token'),
      ...tokenAtoms(
        authentications,
        atEnvoy.filter(({ dimension }) => dimension === 'token'),
        required,
      ),
      ...atZtunnel,
      ...routes,
    ]),
    readsHttp:
      required.length > 0 ||
      ofRoutes.length > 0 ||
      tables.some(({ table }) => table.rules.length > 0) ||
      seen.some(
        ({ policies, sight }) => sight.http && policies.some((policy) => readsHttp(mesh, policy)),
      ),
  }
}
