import type { Service } from '../../resources/service.js'
import type { Gateway } from '../../resources/gateway.js'
import { whyUncaptured } from '../../mesh/hostAddress.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { RequestAuthentication } from '../../resources/requestAuthentication.js'
import type { ServiceEntry } from '../../resources/serviceEntry.js'
import type { PolicyTargetReference } from '../../resources/targetRef.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { bypassFixes } from './bypassFixes.js'
import { defineRule, type Report } from '../rule.js'
import { nameWorkloads } from '../support/coverage.js'
import { firstThatFits, listed } from '../support/words.js'
import { protectedTraffic, type ProtectedTraffic } from '../support/protectedTraffic.js'
import { bypassesOf, type Bypass } from './bypass.js'
import type { KnownCertainty } from '../../mesh/certainty.js'
import { shownName } from '../support/resourceNames.js'
import { restrictsAccess } from '../support/restrictsAccess.js'
import { namesOtherNamespace, resolveTarget, type Target } from '../../waypoint/attachment.js'
import { requiredTokens } from '../../waypoint/requiredTokens.js'

export const waypointBypass = defineRule({
  name: 'waypoint-bypass',
  level: 'warning',
  subjects: ['AuthorizationPolicy', 'RequestAuthentication'],
  reads: [
    'AuthorizationPolicy',
    'GRPCRoute',
    'Gateway',
    'Gateway.networking.istio.io',
    'GatewayClass',
    'HTTPRoute',
    'Identity',
    'Ingress',
    'MeshConfig',
    'Namespace',
    'Other',
    'PeerAuthentication',
    'Service',
    'ServiceEntry',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    if (!refusesRequests(mesh, policy)) return
    for (const ref of policy.targetRefs) {
      if (isPlaceholder(ref.name) || namesOtherNamespace(policy, ref)) continue
      const traffic = trafficOf(mesh, resolveTarget(mesh, policy, ref))
      const found = reportFor(mesh, { policy, ref, traffic })
      if (found) report(found)
    }
  },
})

/** Whether a waypoint answers any request with an error because of a policy. */
function refusesRequests(mesh: Mesh, policy: AuthorizationPolicy | RequestAuthentication): boolean {
  return policy.type === 'AuthorizationPolicy'
    ? restrictsAccess(policy)
    : requiredTokens(mesh, [policy]).length > 0
}

/** The traffic of each waypoint that enforces a policy for the target: several for a GatewayClass. */
function trafficOf(mesh: Mesh, target: Target): readonly ProtectedTraffic[] {
  const targets: readonly Target[] =
    target.kind === 'GatewayClass' && target.isEnforced
      ? mesh.all('Gateway').map((gateway) => ({ kind: 'Gateway', gateway }))
      : [target]
  return targets.flatMap((each) => protectedTraffic(mesh, each) ?? [])
}

interface TargetedTraffic {
  readonly policy: AuthorizationPolicy | RequestAuthentication
  readonly ref: PolicyTargetReference
  readonly traffic: readonly ProtectedTraffic[]
}

function reportFor(mesh: Mesh, { policy, ref, traffic }: TargetedTraffic): Report | undefined {
  const path = [...ref.path, 'name']
  const [only, ...others] = traffic
  if (!only) return undefined
  const report =
    others.length === 0 ? sharedReport(mesh, only) : reportOf(reportedBypasses(mesh, traffic), '')
  if (!report) return others.length === 0 ? externalHostReport(mesh, only, path) : undefined
  return {
    ...report,
    path,
    fixes: () => bypassFixes(mesh, policy, reportedBypasses(mesh, traffic)),
  }
}

/** What a report about bypasses says for every policy of the same traffic. */
type BypassReport = Pick<Report, 'message' | 'certainties' | 'related'>

/** The report that all policies of one waypoint, or of one Service, share. */
function sharedReport(mesh: Mesh, traffic: ProtectedTraffic): BypassReport | undefined {
  const [service] = traffic.targets
  if (traffic.allTraffic) return mesh.get(reportOfWaypoint, traffic.gateway)
  return service && mesh.get(reportOfTarget, service)
}

const reportOfWaypoint = query(
  'bypass report of waypoint',
  (mesh, gateway: Gateway): BypassReport | undefined => {
    const traffic = protectedTraffic(mesh, { kind: 'Gateway', gateway })
    return traffic && reportOf(reportedBypasses(mesh, [traffic]), shownName(gateway))
  },
)

const reportOfTarget = query(
  'bypass report of Service',
  (mesh, service: Service | ServiceEntry): BypassReport | undefined => {
    const traffic = protectedTraffic(mesh, { kind: service.type, service })
    return traffic && reportOf(reportedBypasses(mesh, [traffic]), shownName(traffic.gateway))
  },
)

/** The certain bypasses of some traffic; without any, those by an assumption. */
function reportedBypasses(mesh: Mesh, traffic: readonly ProtectedTraffic[]): readonly Bypass[] {
  const bypasses = traffic.flatMap((each) => bypassesOf(mesh, each))
  const certain = bypasses.filter(({ certainties }) =>
    certainties.every(({ level }) => level === 'certain'),
  )
  return certain.length > 0 ? certain : bypasses
}

/** @param waypoint the name of the only waypoint; empty for several. */
function reportOf(reported: readonly Bypass[], waypoint: string): BypassReport | undefined {
  if (reported.length === 0) return undefined
  const evidence = reported.flatMap((bypass) => bypass.evidence)
  return {
    message: messageOf(reported, waypoint === '' ? 'their waypoints' : `waypoint "${waypoint}"`),
    certainties: distinctCertainties(reported),
    related: [...new Map(evidence.map((item) => [item.resource, item])).values()].slice(0, 6),
  }
}

/** Each certainty once: many bypasses have the same. */
function distinctCertainties(bypasses: readonly Bypass[]): readonly KnownCertainty[] {
  return [...new Set(bypasses.flatMap(({ certainties }) => certainties))]
}

function messageOf(bypasses: readonly Bypass[], waypoint: string): string {
  const [list = [], ...otherLists] = new Set(bypasses.map(({ workloads }) => workloads))
  const where = nameWorkloads(
    otherLists.length === 0 ? list : [...new Set([list, ...otherLists].flat())],
  )
  const clients = bypasses.flatMap(({ access }) => access.clients)
  const [first] = clients
  if (!first || bypasses.some(({ access }) => access.anyIdentity)) {
    const kinds = listed([...new Set(bypasses.flatMap(({ clientKinds }) => clientKinds))])
    const doors = listed([...new Set(bypasses.flatMap(openDoorClients))].slice(0, 2))
    const named =
      doors === ''
        ? []
        : [
            `This policy can be bypassed: ${doors} reach ${where} without ${waypoint}.`,
            `This policy can be bypassed: ${doors} reach its pods directly.`,
          ]
    return firstThatFits(
      ...named,
      `This policy can be bypassed: ${kinds} reach ${where} without ${waypoint}.`,
      `This policy can be bypassed: ${kinds} reach ${where} directly.`,
      `This policy can be bypassed: ${kinds} reach its pods directly.`,
    )
  }
  const labels = [...new Set(clients.map(({ label }) => label))]
  const who = labels.length > 2 ? `${String(labels.length)} clients` : listed(labels)
  return firstThatFits(
    `This policy can be bypassed: "${first.policy.name}" allows ${who} to reach ` +
      `${where} without ${waypoint}.`,
    `This policy can be bypassed: "${first.policy.name}" allows ${who} to reach ${where} directly.`,
    `This policy can be bypassed: "${first.policy.name}" allows ${who} to reach its pods directly.`,
    'This policy can be bypassed: another policy allows clients to reach its pods directly.',
  )
}

function openDoorClients({ doors }: Bypass): string[] {
  return doors.map(({ clients }) => clients)
}

/** An external host has no ztunnel: a client that knows its address can always call it directly. */
function externalHostReport(
  mesh: Mesh,
  { gateway, targets, certainty }: ProtectedTraffic,
  path: Report['path'],
): Report | undefined {
  const [entry] = targets.filter((target): target is ServiceEntry => target.type === 'ServiceEntry')
  if (!entry || targets.some(({ type }) => type === 'Service')) return undefined
  // `service-entry-not-captured` says more.
  if (targets.every((target) => whyUncaptured(mesh, target) !== undefined)) return undefined
  const bypassed = 'This policy can be bypassed: clients can call'
  return {
    level: 'information',
    message: firstThatFits(
      `${bypassed} the IP address of "${entry.hosts[0] ?? entry.name}" without waypoint "${shownName(gateway)}".`,
      `${bypassed} the IP address of "${entry.name}" without its waypoint.`,
    ),
    path,
    certainties: [certainty],
    related: [
      { resource: entry, path: ['spec', 'hosts'], message: `The ServiceEntry "${entry.name}".` },
    ],
  }
}
