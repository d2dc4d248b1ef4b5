import { canaryOfService } from '../../mesh/canary.js'
import type { Mesh } from '../../mesh/mesh.js'
import { selectsProxies } from '../../mesh/gatewayPods.js'
import { servicesOfWorkload, workloadsOfService } from '../../mesh/services.js'
import { waypointOfService, waypointOfWorkload } from '../../mesh/waypoints.js'
import { boundName } from '../../mesh/waypointBinding.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { qualifiedName, type Resource } from '../../resources/resource.js'
import { isEmptyLabels } from '../../resources/selector.js'
import type { Service } from '../../resources/service.js'
import type { Fix, PlainObject } from '../fix.js'
import { authorizationPolicy, freePolicyName, metadataBeside } from './newObject.js'
import { sourceOfAccounts } from './sourceOfAccounts.js'
import { identityOf, type WaypointIdentity } from './waypointIdentity.js'
import { waypointTargets } from './waypointTargets.js'
import { resolveTarget, serviceOf } from '../../waypoint/attachment.js'

/** The content of a companion policy. */
export interface Companion {
  /** The policy is added to the namespace of this object. */
  readonly beside: Resource
  /** Selects the protected workloads; undefined for the whole namespace. */
  readonly labels: Readonly<Record<string, string>> | undefined
  readonly waypoints: readonly WaypointIdentity[]
  /** Added to the name where a fix adds several policies. */
  readonly suffix?: string
}

/** A policy that allows only traffic from waypoints at ztunnel (docs/semantics.md §7.2). */
export function companionPolicy(
  mesh: Mesh,
  { beside, labels, waypoints, suffix }: Companion,
): PlainObject {
  const name = `allow-only-from-${waypoints[0]?.name ?? 'waypoint'}${suffix === undefined ? '' : `-${suffix}`}`
  return authorizationPolicy(metadataBeside(beside, freePolicyName(mesh, beside.namespace, name)), {
    ...(labels ? { selector: { matchLabels: { ...labels } } } : {}),
    action: 'ALLOW',
    rules: [{ from: [{ source: sourceOfAccounts(mesh, accountsOf(waypoints)) }] }],
  })
}

export function accountsOf(waypoints: readonly WaypointIdentity[]): string[] {
  return [...new Set(waypoints.map(({ account }) => account))]
}

/**
 * Adds the companion policy for the workloads that a policy protects, or for those of a Service. Undefined
 * where the waypoint or the workloads are not in the files. Never safe: direct clients that are not in the
 * files, such as a scraper or an ingress, are denied.
 */
export function allowOnlyFromWaypoint(
  mesh: Mesh,
  subject: AuthorizationPolicy | Service,
): Fix | undefined {
  const companions =
    subject.type === 'Service'
      ? companionsForServices(mesh, subject, [subject])
      : companionsForPolicy(mesh, subject)
  if (companions.length === 0) return undefined
  return {
    title: 'Allow only traffic from the waypoint',
    preferred: true,
    safe: false,
    edits: [
      {
        op: 'add',
        after: subject,
        objects: companions.map((companion) => companionPolicy(mesh, companion)),
      },
    ],
  }
}

function companionsForPolicy(mesh: Mesh, policy: AuthorizationPolicy): Companion[] {
  if (policy.targetRefs.length === 0) {
    const targets = waypointTargets(mesh, policy)
    if (!targets || targets.creationEdits.length > 0 || targets.waypoints.length === 0) return []
    return [
      {
        beside: policy,
        labels: isEmptyLabels(policy.selector?.matchLabels)
          ? undefined
          : policy.selector?.matchLabels,
        waypoints: targets.waypoints,
      },
    ]
  }
  if (selectsProxies(mesh, policy)) return []
  const services = policy.targetRefs.flatMap((ref) => {
    const target = resolveTarget(mesh, policy, ref)
    const service = serviceOf(target)
    if (service) return service.type === 'Service' ? [service] : []
    if (target.kind !== 'Gateway') return []
    return mesh.inNamespace('Service', policy.namespace).filter((bound) => {
      return boundName(mesh.get(waypointOfService, bound)) === qualifiedName(target.gateway)
    })
  })
  return companionsForServices(mesh, policy, services)
}

/** One companion for each set of pods. Services with the same selector share it. */
function companionsForServices(
  mesh: Mesh,
  beside: Resource,
  services: readonly Service[],
): Companion[] {
  const bySelector = new Map<string, Companion>()
  for (const service of services) {
    const binding = mesh.get(waypointOfService, service)
    if (
      binding.status !== 'bound' ||
      service.selector === undefined ||
      isEmptyLabels(service.selector)
    )
      continue
    const waypoints = waypointsBefore(mesh, service)
    const key = JSON.stringify(Object.entries(service.selector).sort())
    const companion = bySelector.get(key) ?? {
      beside,
      labels: service.selector,
      waypoints: [],
      suffix: service.name,
    }
    bySelector.set(key, { ...companion, waypoints: [...companion.waypoints, ...waypoints] })
  }
  const [only, ...others] = [...bySelector.values()]
  if (!only) return []
  return others.length > 0
    ? [only, ...others]
    : [{ beside: only.beside, labels: only.labels, waypoints: only.waypoints }]
}

/** The waypoints that send traffic to the pods of a Service: its own, and those of other ways to these pods. */
function waypointsBefore(mesh: Mesh, service: Service): WaypointIdentity[] {
  const workloads = mesh.get(workloadsOfService, service)
  const services = new Set([
    service,
    ...workloads.flatMap((workload) => mesh.get(servicesOfWorkload, workload)),
  ])
  const gateways = [
    ...[...services].flatMap((other) => {
      const binding = mesh.get(waypointOfService, other)
      if (binding.status !== 'bound') return []
      // A canary waypoint gets a share of the traffic (docs/semantics.md §2.4).
      const canary = canaryOfService(mesh, other)
      return canary ? [binding.gateway, canary] : [binding.gateway]
    }),
    ...workloads.flatMap((workload) => {
      const binding = mesh.get(waypointOfWorkload, workload)
      return binding.status === 'bound' ? [binding.gateway] : []
    }),
  ]
  return [...new Set(gateways)].map((gateway) => identityOf(mesh, gateway))
}
