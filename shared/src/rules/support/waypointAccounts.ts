import { classRole, gatewayServiceAccount } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'

/** The accounts of all waypoints in the files, as `namespace/serviceAccount`. */
export function identitiesOfWaypoints(mesh: Mesh): string[] {
  return mesh
    .all('Gateway')
    .filter(({ gatewayClassName }) => mesh.get(classRole, gatewayClassName) === 'waypoint')
    .map((gateway) => `${gateway.namespace}/${mesh.get(gatewayServiceAccount, gateway)}`)
}
