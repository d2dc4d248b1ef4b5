import { selectorKey, workloadsWithLabels } from '../../mesh/selectorClasses.js'
import { NONE } from '../../text/collections.js'
import type { Gateway } from '../../resources/gateway.js'
import { canaryOfService } from '../../mesh/canary.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import { selectsProxies } from '../../mesh/gatewayPods.js'
import { servicesOfWorkload } from '../../mesh/services.js'
import { waypointOfService, waypointOfWorkload } from '../../mesh/waypoints.js'
import { boundName } from '../../mesh/waypointBinding.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { RequestAuthentication } from '../../resources/requestAuthentication.js'
import { qualifiedName, type Resource } from '../../resources/resource.js'
import { isEmptyLabels } from '../../resources/selector.js'
import type { Service } from '../../resources/service.js'
import type { Fix, PlainObject } from '../fix.js'
import { authorizationPolicy, freePolicyName, metadataBeside } from './newObject.js'
import { sourceOfAccounts } from './sourceOfAccounts.js'
import { identityOf, type WaypointIdentity } from './waypointIdentity.js'
import { waypointTargets } from './waypointTargets.js'
import { resolveTarget, serviceOf } from '../../waypoint/attachment.js'

/** A policy that a waypoint enforces. */
type TargetedPolicy = AuthorizationPolicy | RequestAuthentication

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
  subject: TargetedPolicy | Service,
): Fix | undefined {
  const isPossible =
    subject.type === 'Service' || subject.targetRefs.length > 0
      ? protectedServices(mesh, subject).some((service) => canHaveCompanion(mesh, service))
      : companionsForPolicy(mesh, subject).length > 0
  if (!isPossible) return undefined
  return {
    title: 'Allow only traffic from the waypoint',
    preferred: true,
    safe: false,
    // A waypoint can serve many Services, and few fixes are applied.
    get edits(): Fix['edits'] {
      const companions =
        subject.type === 'Service'
          ? companionsForServices(mesh, subject, [subject])
          : companionsForPolicy(mesh, subject)
      const objects = companions.map((companion) => companionPolicy(mesh, companion))
      return [{ op: 'add', after: subject, objects }]
    },
  }
}

function canHaveCompanion(mesh: Mesh, service: Service): boolean {
  return mesh.get(waypointOfService, service).status === 'bound' && !isEmptyLabels(service.selector)
}

function companionsForPolicy(mesh: Mesh, policy: TargetedPolicy): Companion[] {
  if (policy.type === 'AuthorizationPolicy' && policy.targetRefs.length === 0) {
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
  return companionsForServices(mesh, policy, protectedServices(mesh, policy))
}

/** The Services that a policy with targetRefs protects; a Service itself. */
function protectedServices(mesh: Mesh, subject: TargetedPolicy | Service): readonly Service[] {
  if (subject.type === 'Service') return [subject]
  if (selectsProxies(mesh, subject)) return []
  return subject.targetRefs.flatMap((ref) => {
    const target = resolveTarget(mesh, subject, ref)
    const service = serviceOf(target)
    if (service) return service.type === 'Service' ? [service] : []
    return target.kind === 'Gateway' ? mesh.get(ownServicesOf, target.gateway) : []
  })
}

/** The Services of a waypoint that are in its namespace. */
const ownServicesOf = query(
  'own services of waypoint',
  (mesh, gateway: Gateway): readonly Service[] =>
    mesh
      .inNamespace('Service', gateway.namespace)
      .filter((bound) => boundName(mesh.get(waypointOfService, bound)) === qualifiedName(gateway)),
)

/** One companion for each set of pods. Services with the same selector share it. */
function companionsForServices(
  mesh: Mesh,
  beside: Resource,
  services: readonly Service[],
): Companion[] {
  const bySelector = new Map<string, Companion>()
  for (const service of services) {
    if (service.selector === undefined || !canHaveCompanion(mesh, service)) continue
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
  const { namespace, selector: labels } = service
  const others = isEmptyLabels(labels)
    ? NONE
    : mesh.get(gatewaysBefore, selectorKey({ namespace, labels }))
  return [...new Set([...gatewaysOf(mesh, service), ...others])].map((gateway) =>
    identityOf(mesh, gateway),
  )
}

/** The waypoints of all ways to the pods of a `selectorKey`. */
const gatewaysBefore = query(
  'waypoints before selection',
  (mesh, selection: string): readonly Gateway[] => {
    const workloads = mesh.get(workloadsWithLabels, selection)
    const lists = new Set(workloads.map((workload) => mesh.get(servicesOfWorkload, workload)))
    return [
      ...new Set([
        ...[...new Set([...lists].flat())].flatMap((service) => gatewaysOf(mesh, service)),
        ...workloads.flatMap((workload) => {
          const binding = mesh.get(waypointOfWorkload, workload)
          return binding.status === 'bound' ? [binding.gateway] : []
        }),
      ]),
    ]
  },
)

function gatewaysOf(mesh: Mesh, service: Service): readonly Gateway[] {
  const binding = mesh.get(waypointOfService, service)
  if (binding.status !== 'bound') return NONE
  // A canary waypoint gets a share of the traffic (docs/semantics.md §2.4).
  const canary = canaryOfService(mesh, service)
  return canary ? [binding.gateway, canary] : [binding.gateway]
}
