import type { Mesh } from '../../mesh/mesh.js'
import { servicesOfWaypoint, waypointOfService } from '../../mesh/waypoints.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { RequestAuthentication } from '../../resources/requestAuthentication.js'
import type { Service } from '../../resources/service.js'
import type { ServiceEntry } from '../../resources/serviceEntry.js'
import { targetsService } from '../../waypoint/attachment.js'
import type { ServiceChain } from '../../waypoint/routes.js'
import { KINDS } from '../../vocabulary/kinds.js'
import type { Edit, Fix } from '../fix.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { targetWaypoint } from '../fixes/targetWaypoint.js'
import { listed, quoted } from '../support/words.js'

interface RoutedPolicies {
  readonly chain: ServiceChain
  readonly reached: Service | ServiceEntry
  /** The policies for the reached Service. */
  readonly policies: readonly (AuthorizationPolicy | RequestAuthentication)[]
}

/**
 * Applies the policies of a Service to the Service whose route leads to it, or to the whole waypoint. None for a
 * Service behind another waypoint: a policy cannot target objects of another namespace.
 */
export function applyToCalled(
  mesh: Mesh,
  { chain: { gateway, service: called }, reached, policies }: RoutedPolicies,
): Fix[] {
  const binding = mesh.get(waypointOfService, reached)
  if (binding.status !== 'bound' || binding.gateway !== gateway) return []
  const canTarget = policies.every(
    ({ namespace, targetRefs }) =>
      namespace === called.namespace && targetRefs.every(({ path }) => path[1] === 'targetRefs'),
  )
  const edits = policies.map((policy): Edit => ({
    op: 'append',
    resource: policy,
    path: ['spec', 'targetRefs'],
    values: [{ kind: called.type, group: KINDS[called.type].group, name: called.name }],
  }))
  const names = listed(policies.map(({ name }) => quoted(name)))
  const both: Fix | undefined = canTarget
    ? {
        title: `Apply ${names} to ${called.type} "${called.name}" too`,
        preferred: true,
        safe: false,
        edits,
      }
    : undefined
  return rankFixes(
    both,
    wholeWaypoint(mesh, { chain: { gateway, service: called }, reached, policies }),
  )
}

/** Only if the waypoint serves no other Service. */
function wholeWaypoint(
  mesh: Mesh,
  { chain: { gateway, service: called }, reached, policies }: RoutedPolicies,
): Fix | undefined {
  const [policy, ...others] = policies
  const [ref, ...otherRefs] = policy?.targetRefs ?? []
  const servesOthers = mesh
    .get(servicesOfWaypoint, gateway)
    .some((service) => service !== called && service !== reached)
  return policy &&
    ref &&
    others.length === 0 &&
    otherRefs.length === 0 &&
    !servesOthers &&
    targetsService(mesh, policy, reached)
    ? targetWaypoint(policy, ref, gateway)
    : undefined
}
