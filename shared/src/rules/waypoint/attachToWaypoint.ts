import type { Mesh } from '../../mesh/mesh.js'
import type { Edit, Fix } from '../fix.js'
import { waypointTargets, type Attachable } from '../fixes/waypointTargets.js'

/**
 * Replaces the selector of a resource with `targetRefs` to the waypoint of its workloads. Creates the waypoint
 * where there is none.
 */
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
    title:
      targets.creationEdits.length > 0
        ? 'Create a waypoint and attach the resource to it'
        : 'Attach to the waypoint with targetRefs',
    preferred: true,
    safe: false,
    edits: [...attach, ...targets.creationEdits],
  }
}
