import { waypointIdentity } from '../access/route.js'
import type { Backend } from '../access/destination.js'
import type { Workload } from '../inventory/workloads.js'
import { alternativesOf } from '../mesh/alternatives.js'
import { filledInMeshes } from '../mesh/filledIn/filledInMeshes.js'
import { enrolmentOf } from '../mesh/enrolment.js'
import { classRole, enforcesPolicies } from '../mesh/gatewayClass.js'
import { isDiscovered } from '../mesh/namespaces.js'
import { query, type Mesh } from '../mesh/mesh.js'
import { bypassesInboundCapture, podLabels } from '../mesh/pods.js'
import {
  entryPortOf,
  servicesOfWorkload,
  targetPortOf,
  workloadsOfService,
} from '../mesh/services.js'
import { subsetLabels } from '../mesh/subsets.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import type { RequestAuthentication } from '../resources/requestAuthentication.js'
import type { Service } from '../resources/service.js'
import type { ServiceEntry } from '../resources/serviceEntry.js'
import { qualifiedName } from '../resources/resource.js'
import { supports } from '../vocabulary/releases.js'
import { formatPrincipal } from '../vocabulary/principal.js'
import {
  policiesAtConnect,
  policiesAtSidecar,
  policiesAtWaypoint,
  policiesOfRoutes,
  requestAuthenticationsAtSidecar,
  requestAuthenticationsAtWaypoint,
} from '../waypoint/attachedPolicies.js'
import { hasLayeredPolicies, type WaypointChain } from '../waypoint/attachment.js'
import { requiredTokens } from '../waypoint/requiredTokens.js'
import type { RouteTable } from '../waypoint/routeTables.js'
import { isDryRun } from '../ztunnel/convertAuthorizationPolicy.js'
import { possiblePeerAuthentications, possiblePoliciesAtZtunnel } from '../ztunnel/enforcement.js'
import type { EffectivePeerAuthentication } from '../ztunnel/peerAuthentication.js'
import { accountClients } from './clientIndex.js'
import { targetOfKey } from './destinations.js'
import { reachesOf, WAYS, type Reach } from './reach.js'

/**
 * Everything on which the verdicts of the requests to a destination depend, except for the kinds of the clients. Equal
 * signatures, equal kinds and no variants: equal verdicts. Undefined for a destination that the files do not have.
 *
 * The argument is the key of the destination.
 */
export const destinationSignature = query(
  'destination signature',
  (mesh, key: string): string | undefined => {
    const to = targetOfKey(key)
    if (!to) return undefined
    const reaches = reachesOf(mesh, to)
    if (!reaches) return undefined
    const ways = WAYS.map((way) => reaches[way])
    const { settings } = mesh
    return JSON.stringify([
      settings.trustDomain,
      settings.trustDomainAliases,
      settings.flag('PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS'),
      settings.extensionProviders,
      supports(settings, 'severalRoutesAtWaypoint'),
      ways.map((reach) => ways.indexOf(reach)),
      [...new Set(ways)].map((reach) => reachDigest(mesh, reach)),
    ])
  },
)

/** The accounts whose clients differ from accounts that the files do not have, and the namespaces that istiod reads. */
export const clientSignature = query('client signature', (mesh, _: ''): string =>
  JSON.stringify([
    [...mesh.get(accountClients, '')]
      .filter(([, { kind, dnsCapture }]) => kind !== 'ambient' || dnsCapture.some(isStated))
      .map(([name, { kind, dnsCapture }]) => [name, kind, dnsCapture.map(String)]),
    mesh.get(readNamespaces, ''),
  ]),
)

function isStated(value: boolean | undefined): boolean {
  return value !== undefined
}

/** Which namespaces istiod reads. Undefined if it reads all of them. */
const readNamespaces = query('read namespaces', (mesh, _: '') => {
  const { discoverySelectors } = mesh.settings
  return discoverySelectors?.length
    ? [
        discoverySelectors,
        mesh.all('Namespace').map(({ name }) => [name, mesh.get(isDiscovered, name)]),
      ]
    : undefined
})

/**
 * Whether the files define an object in several ways, or another tool fills in fields of policies. Then the signatures
 * do not say everything.
 */
export function hasVariants(mesh: Mesh): boolean {
  return !alternativesOf(mesh).none || filledInMeshes(mesh).meshes.length > 0
}

function reachDigest(
  mesh: Mesh,
  { chains, tables, direct, behind, routed, protocol, unknownPods, readings }: Reach,
) {
  return {
    protocol,
    unknownPods,
    readings: readings.map(({ namespace, dnsCapture, digest }) => [
      namespace,
      String(dnsCapture),
      digest,
    ]),
    chains: chains.map((chain) => chainDigest(mesh, chain)),
    tables: tables.map(({ isHttp, table }) => [isHttp, tableDigest(mesh, table, chains)]),
    direct: direct.map((backend) => backendDigest(mesh, backend)),
    behind: behind.map((backend) => backendDigest(mesh, backend)),
    routed: routed.map((workload) => workloadDigest(mesh, workload)),
  }
}

function chainDigest(mesh: Mesh, chain: WaypointChain) {
  return [
    qualifiedName(chain.gateway),
    formatPrincipal(waypointIdentity(mesh, chain.gateway)),
    policiesAtWaypoint(mesh, chain).map((policy) => mesh.get(policyDigest, policy)),
    mesh.get(classRole, chain.gateway.gatewayClassName),
    mesh.get(enforcesPolicies, chain.gateway.gatewayClassName),
    tokensOf(mesh, requestAuthenticationsAtWaypoint(mesh, chain)),
    policiesOfRoutes(mesh, chain).map((policies) =>
      policies.map((policy) => mesh.get(policyDigest, policy)),
    ),
    hasLayeredPolicies(mesh)
      ? policiesAtConnect(mesh, chain.gateway).map((policy) => mesh.get(policyDigest, policy))
      : [],
  ]
}

function tableDigest(mesh: Mesh, { rules, tier }: RouteTable, chains: Reach['chains']) {
  const digests = rules.map(({ match, action, destinations, source, level }) => [
    { ...match, path: undefined },
    action,
    source,
    level,
    destinations.map(({ services, port, subset }) => [
      port,
      services.map((service) => [
        qualifiedName(service),
        service.ports,
        mesh
          .get(workloadsOfService, service)
          .map((workload) => [
            qualifiedName(workload),
            subset && podLabels(workload),
            portsBehind(mesh, service, workload),
          ]),
        subset !== undefined &&
          chains.map(({ gateway }) =>
            subsetLabels(mesh, service, { subset, proxy: gateway.namespace }),
          ),
      ]),
    ]),
  ])
  return [tier, digests]
}

/** The ports of a workload that the ports of a Service or ServiceEntry reach. */
function portsBehind(mesh: Mesh, service: Service | ServiceEntry, workload: Workload) {
  return service.type === 'Service'
    ? service.ports.map(({ targetPort }) => targetPortOf(workload, targetPort))
    : service.ports.map((port) => entryPortOf(mesh, workload, port))
}

function backendDigest(mesh: Mesh, { workload, port }: Backend) {
  return [port, workloadDigest(mesh, workload)]
}

function workloadDigest(mesh: Mesh, workload: Workload): string {
  return mesh.get(podSignature, workload)
}

/** What the proxy of a pod enforces. */
const podSignature = query('pod signature', (mesh, workload: Workload): string => {
  const { mode } = mesh.get(enrolmentOf, workload)
  const common = [qualifiedName(workload), mode, mesh.get(isDiscovered, workload.namespace)]
  if (mode === 'none') return JSON.stringify(common)
  if (mode === 'sidecar')
    return JSON.stringify([
      common,
      mesh.get(policiesAtSidecar, workload).map((policy) => mesh.get(policyDigest, policy)),
      tokensOf(mesh, mesh.get(requestAuthenticationsAtSidecar, workload)),
      mesh.get(possiblePeerAuthentications, workload).map(modesOf),
      mesh.get(servicesOfWorkload, workload).map(({ ports }) => ports),
    ])
  return JSON.stringify([
    common,
    bypassesInboundCapture(workload),
    mesh
      .get(possiblePoliciesAtZtunnel, workload)
      .map((policies) => policies.map(({ authorization }) => authorization)),
  ])
})

/** Whose tokens a proxy verifies, and whose tokens it requires. */
function tokensOf(mesh: Mesh, authentications: readonly RequestAuthentication[]) {
  return [
    authentications.map(({ issuers }) => issuers),
    requiredTokens(mesh, authentications).map(({ issuer }) => issuer),
  ]
}

function modesOf({ mesh, namespace, workload }: EffectivePeerAuthentication) {
  return [mesh, namespace, workload].map((level) => level && [level.mode, [...level.portLevelMtls]])
}

const policyDigest = query('policy digest', (_, policy: AuthorizationPolicy): string => {
  const { namespace, name, action, rules, provider, isPartial } = policy
  return JSON.stringify([namespace, name, action, rules, provider, isDryRun(policy), isPartial])
})
