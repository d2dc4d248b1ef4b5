import { isWorkload } from '../inventory/workloads.js'
import { classRole } from '../mesh/gatewayClass.js'
import type { Mesh } from '../mesh/mesh.js'
import { isRejectedIn } from '../mesh/discovery.js'
import type { Resource } from '../resources/resource.js'
import type { FieldPath } from '../yaml/node.js'
import { isDryRun } from '../ztunnel/convertAuthorizationPolicy.js'
import { explainObject } from './explainObject.js'
import { policyReach } from './policy/policyReach.js'
import { policySummary } from './policy/policySummary.js'

/** A code lens above an object. */
export interface Lens {
  readonly title: string
  /** The field below the lens; `[]` for the object. */
  readonly path: FieldPath
  /**
   * `enforcement`: where a policy is enforced. `policies`: the policies that apply to a workload, Service or waypoint.
   * `references`: the uses of a service account.
   */
  readonly kind: 'enforcement' | 'policies' | 'references'
}

/** The code lenses of an object. */
export function lensesFor(mesh: Mesh, resource: Resource): readonly Lens[] {
  const kind = kindOf(mesh, resource)
  if (!kind) return []
  const title =
    resource.type === 'AuthorizationPolicy' && !isRejectedIn(mesh, resource)
      ? policySummary(mesh.get(policyReach, resource).all, {
          dryRun: isDryRun(resource),
          short: true,
        })
      : explainObject(mesh, resource)?.summary
  return title === undefined ? [] : [{ title, path: [], kind }]
}

function kindOf(mesh: Mesh, resource: Resource): Lens['kind'] | undefined {
  if (isWorkload(resource)) return 'policies'
  switch (resource.type) {
    case 'AuthorizationPolicy':
    case 'PeerAuthentication':
      return 'enforcement'
    case 'Service':
      return 'policies'
    case 'Gateway':
      return mesh.get(classRole, resource.gatewayClassName) === 'waypoint' ? 'policies' : undefined
    case 'ServiceAccount':
      return 'references'
    default:
      return undefined
  }
}
