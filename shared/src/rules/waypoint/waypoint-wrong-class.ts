import { keys } from '../../inventory/indexKeys.js'
import { podLabels } from '../../mesh/pods.js'
import { classRole } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import { nearMiss } from '../../mesh/nearMiss.js'
import type { Gateway } from '../../resources/gateway.js'
import { WORKLOAD_KINDS } from '../../resources/workload.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { setValue } from '../fixes/didYouMean.js'
import type { Fix } from '../fix.js'
import { defineRule } from '../rule.js'
import { firstThatFits, quoted } from '../support/words.js'
import {
  labelledObject,
  type LabelledObject,
  type WaypointConsumer,
} from '../support/labelledObject.js'
import { shownName } from '../support/resourceNames.js'
import { GATEWAY_NAME } from '../../vocabulary/labels.js'

/** More names than a person can want to choose from. */
const MOST_SUGGESTIONS = 3

export const waypointWrongClass = defineRule({
  name: 'waypoint-wrong-class',
  level: 'error',
  subjects: ['Namespace', 'Service', 'ServiceEntry', 'WorkloadEntry', ...WORKLOAD_KINDS],
  reads: ['Gateway', 'GatewayClass'],
  check(subject, { mesh, report }) {
    const object = labelledObject(subject)
    const gateway = object && wrongGateway(mesh, object)
    if (!gateway || isGatewayPod(mesh, subject)) return
    const head = `Gateway ${quoted(shownName(gateway), 48)} is of class ${quoted(gateway.gatewayClassName)}, no waypoint`
    report({
      message: firstThatFits(
        `${head}: traffic to ${trafficOf(subject)} fails or meets no L7 policy.`,
        `${head}: traffic fails or meets no L7 policy.`,
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

/** The Gateway that a label names, where every definition of it is of an Istio class for something else. */
function wrongGateway(
  mesh: Mesh,
  { waypoint: { namespace, name } }: LabelledObject,
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

/** The waypoints of the object's own namespace, which surely admit it. */
function fixesFor(mesh: Mesh, { subject, path, waypoint, consumer }: LabelledObject): Fix[] {
  if (waypoint.namespace !== consumer) return []
  const waypoints = mesh
    .inNamespace('Gateway', consumer)
    .filter(({ gatewayClassName }) => mesh.get(classRole, gatewayClassName) === 'waypoint')
  const names = [...new Set(waypoints.map(({ name }) => name))]
  const meant = nearMiss(waypoint.name, names)
  const ordered = meant === undefined ? names : [meant, ...names.filter((name) => name !== meant)]
  return rankFixes(
    ...ordered
      .slice(0, MOST_SUGGESTIONS)
      .map((value) => setValue({ resource: subject, path, value })),
  )
}
