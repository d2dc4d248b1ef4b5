import { classRole } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { Gateway } from '../../resources/gateway.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { enrolNamespace } from '../fixes/createWaypoint.js'
import { keys } from '../../inventory/indexKeys.js'
import { FOR_SERVICE_ACCOUNT } from '../../vocabulary/otherKeys.js'
import { defineRule } from '../rule.js'
import { waypointUse } from '../support/waypointUse.js'
import { quoted } from '../support/words.js'
import { shownName } from '../support/resourceNames.js'

export const waypointUnused = defineRule({
  name: 'waypoint-unused',
  level: 'information',
  subjects: ['Gateway'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'Other',
    'Service',
    'ServiceEntry',
    'Workload',
    'opaque',
  ],
  check(gateway, { mesh, report }) {
    if (
      mesh.get(classRole, gateway.gatewayClassName) !== 'waypoint' ||
      mesh.get(waypointUse, gateway) !== 'unused' ||
      isReportedAtPolicy(mesh, gateway)
    )
      return
    report({
      message: `No namespace, Service or pod uses waypoint ${quoted(shownName(gateway), 63)}.`,
      path: ['metadata', 'name'],
      fixes: () => rankFixes(enrolNamespace(mesh, gateway)),
    })
  },
})

/**
 * Whether `target-not-bound` reports the same at a policy for the waypoint. A key that bound traffic
 * in earlier releases needs its own answer here.
 */
function isReportedAtPolicy(mesh: Mesh, gateway: Gateway): boolean {
  return (
    gateway.annotations?.[FOR_SERVICE_ACCOUNT] === undefined &&
    mesh.at('AuthorizationPolicy', keys.targeting(gateway.namespace, 'Gateway', gateway.name))
      .length > 0
  )
}
