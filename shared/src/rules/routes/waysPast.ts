import { ingressUsesWaypoint } from '../../access/route.js'
import { namespaceEnrolment } from '../../mesh/namespaceEnrolment.js'
import { classRole } from '../../mesh/gatewayClass.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import { waypointOfWorkload } from '../../mesh/waypoints.js'
import type { Workload } from '../../inventory/workloads.js'
import type { Gateway } from '../../resources/gateway.js'
import type { Service } from '../../resources/service.js'
import type { DirectAccess } from '../support/directAccess.js'

/** What a way past a waypoint is judged for. */
interface Passing {
  readonly workload: Workload
  readonly service: Service
  /** The waypoint whose policy is passed by; `whole` where the policy speaks of all its traffic and not of one Service's. */
  readonly gateway: Gateway
  readonly whole: boolean
}

/** Who really gets to the pods without passing the waypoint, in plain words (docs/semantics.md §2.5). Empty where nobody does. */
export function waysPast(
  mesh: Mesh,
  { workload, service, gateway, whole }: Passing,
  access: Pick<DirectAccess, 'everybody' | 'plaintext'>,
): string[] {
  const own = mesh.get(waypointOfWorkload, workload)
  // Policies of a Service never apply to traffic to pods' own addresses, policies of the Gateway do (docs/semantics.md §3.2).
  const guarded = whole && own.status === 'bound' && own.gateway === gateway
  return [
    ...(access.everybody && !guarded ? ['pods by IP'] : []),
    ...(access.everybody && mesh.get(hasSidecars, '') ? ['sidecars'] : []),
    ...(access.everybody && !ingressUsesWaypoint(mesh, service) && mesh.get(hasIngress, '')
      ? ['ingress gateways']
      : []),
    ...(access.plaintext ? ['plaintext clients'] : []),
  ]
}

/** Whether some namespace surely uses sidecars, which pass no waypoint. */
const hasSidecars = query('has sidecars', (mesh, _: ''): boolean =>
  mesh.all('Namespace').some(({ name }) => {
    const { mode, certainty } = mesh.get(namespaceEnrolment, name)
    return mode === 'sidecar' && certainty.level === 'certain'
  }),
)

const hasIngress = query(
  'has ingress',
  (mesh, _: ''): boolean =>
    mesh
      .all('Gateway')
      .some(({ gatewayClassName }) => mesh.get(classRole, gatewayClassName) === 'ingress') ||
    mesh.all('Gateway.networking.istio.io').length > 0,
)
