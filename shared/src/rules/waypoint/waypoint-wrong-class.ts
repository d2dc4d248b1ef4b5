import { keys } from '../../inventory/indexKeys.js'
import { podLabels } from '../../mesh/pods.js'
import { classRole } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import { nearMiss } from '../../mesh/nearMiss.js'
import type { Gateway } from '../../resources/gateway.js'
import { WORKLOAD_KINDS } from '../../resources/workload.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { setValue } from '../fixes/setValue.js'
import type { Fix } from '../fix.js'
import { defineRule } from '../rule.js'
import { firstThatFits, quoted } from '../support/words.js'
import {
  useWaypointLabelOf,
  type UseWaypointLabel,
  type WaypointConsumer,
} from '../support/useWaypointLabel.js'
import { shownName } from '../support/resourceNames.js'
import { GATEWAY_NAME } from '../../vocabulary/labels.js'

const MAX_SUGGESTIONS = 3

export const waypointWrongClass = defineRule({
  name: 'waypoint-wrong-class',
  level: 'error',
  subjects: ['Namespace', 'Service', 'ServiceEntry', 'WorkloadEntry', ...WORKLOAD_KINDS],
  reads: ['Gateway', 'GatewayClass'],
  check(subject, { mesh, report }) {
    const object = useWaypointLabelOf(subject)
    const gateway = object && wrongGateway(mesh, object)
    if (!gateway || isGatewayPod(mesh, subject)) return
    const name = quoted(shownName(gateway), 48)
    const effect = `Traffic to ${trafficOf(subject)} fails or bypasses L7 policies`
    report({
      message: firstThatFits(
        `${effect}: Gateway ${name} of class ${quoted(gateway.gatewayClassName)} is not a waypoint.`,
        `${effect}: Gateway ${name} is not a waypoint.`,
      ),
      path: object.path,
      related: [
        {
          resource: gateway,
          path: ['spec', 'gatewayClassName'],
          message: `Gateways of class "${gateway.gatewayClassName}" do not listen for HBONE on port 15008.`,
        },
      ],
      fixes: () => fixesFor(mesh, object),
    })
  },
})

/** The Gateway of the label, where every definition of it has an Istio class for other gateways. */
function wrongGateway(
  mesh: Mesh,
  { waypoint: { namespace, name } }: UseWaypointLabel,
): Gateway | undefined {
  if (name === 'none' || isPlaceholder(name) || isPlaceholder(namespace)) return undefined
  const definitions = mesh.at('Gateway', keys.named('Gateway', namespace, name))
  return definitions.every((gateway) =>
    ['ingress', 'east-west'].includes(mesh.get(classRole, gateway.gatewayClassName)),
  )
    ? definitions[0]
    : undefined
}

/** Gateways copy their labels to their pods. */
function isGatewayPod(mesh: Mesh, subject: WaypointConsumer): boolean {
  if (subject.type === 'Namespace' || subject.type === 'Service' || subject.type === 'ServiceEntry')
    return false
  const instanceOf = podLabels(subject)?.[GATEWAY_NAME]
  return (
    instanceOf !== undefined && mesh.named('Gateway', subject.namespace, instanceOf) !== undefined
  )
}

function trafficOf(subject: WaypointConsumer): string {
  return subject.type === 'Namespace' ? 'Services of this namespace' : quoted(subject.name)
}

/** Suggests the waypoints of the object's own namespace, which it can always use. */
function fixesFor(
  mesh: Mesh,
  { subject, path, waypoint, consumerNamespace }: UseWaypointLabel,
): Fix[] {
  if (waypoint.namespace !== consumerNamespace) return []
  const waypoints = mesh
    .inNamespace('Gateway', consumerNamespace)
    .filter(({ gatewayClassName }) => mesh.get(classRole, gatewayClassName) === 'waypoint')
  const names = [...new Set(waypoints.map(({ name }) => name))]
  const nearest = nearMiss(waypoint.name, names)
  const ordered =
    nearest === undefined ? names : [nearest, ...names.filter((name) => name !== nearest)]
  return rankFixes(
    ...ordered
      .slice(0, MAX_SUGGESTIONS)
      .map((value) => setValue({ resource: subject, path, value })),
  )
}
