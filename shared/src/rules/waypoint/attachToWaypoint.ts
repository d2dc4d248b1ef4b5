import type { Mesh } from '../../mesh/mesh.js'
import type { Edit, Fix } from '../fix.js'
import { waypointTargets, type Attachable } from '../fixes/waypointTargets.js'

/** Writes `targetRefs` for the waypoint of what a resource without them covers, instead of its selector; nobody heeded it before. Creates the waypoint where there is none. */
export function attachToWaypoint(
  mesh: Mesh,
  resource: Exclude<Attachable, { readonly type: 'AuthorizationPolicy' }>,
): Fix | undefined {
  const targets = waypointTargets(mesh, resource)
  if (!targets) return undefined
  const attach: Edit[] = [
    ...(resource.selector ? [{ op: 'remove' as const, resource, path: ['spec', 'selector'] }] : []),
    { op: 'set', resource, path: ['spec', 'targetRefs'], value: targets.refs },
  ]
  return {
    title: `Bind to waypoint via targetRefs${targets.creation.length > 0 ? ', create the waypoint' : ''}`,
    preferred: true,
    safe: false,
    edits: [...attach, ...targets.creation],
  }
}
