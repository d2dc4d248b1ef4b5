import { classRole } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import { allows, servesObject } from '../../mesh/waypointGateway.js'
import { changesLabels } from '../../resources/otherObject.js'
import { WORKLOAD_KINDS } from '../../resources/workload.js'
import { MANAGED, USE_WAYPOINT, USE_WAYPOINT_NAMESPACE } from '../../vocabulary/labels.js'
import type { FieldPath } from '../../yaml/node.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import type { Fix } from '../fix.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { defineRule } from '../rule.js'
import { labelsOf, type WaypointConsumer } from '../support/useWaypointLabel.js'

export const useWaypointNamespaceAlone = defineRule({
  name: 'use-waypoint-namespace-alone',
  level: 'warning',
  subjects: ['Namespace', 'Service', 'ServiceEntry', 'WorkloadEntry', ...WORKLOAD_KINDS],
  reads: ['Gateway', 'GatewayClass', 'Other'],
  check(subject, { mesh, report }) {
    const { labels, path } = labelsOf(subject)
    const namespace = labels?.[USE_WAYPOINT_NAMESPACE]
    if (
      labels === undefined ||
      namespace === undefined ||
      labels[USE_WAYPOINT] !== undefined ||
      labels[MANAGED] !== undefined ||
      Object.keys(labels).some(isPlaceholder) ||
      mesh.all('Other').some(changesLabels)
    )
      return
    report({
      message: `This label chooses no waypoint: Istio reads ${USE_WAYPOINT_NAMESPACE} only beside ${USE_WAYPOINT}.`,
      path: [...path, USE_WAYPOINT_NAMESPACE],
      on: 'key',
      fixes: () =>
        rankFixes(nameWaypoint(mesh, subject, { namespace, path }), {
          title: `Remove ${USE_WAYPOINT_NAMESPACE}`,
          preferred: true,
          safe: true,
          edits: [{ op: 'remove', resource: subject, path: [...path, USE_WAYPOINT_NAMESPACE] }],
        }),
    })
  },
})

/** Adds the name of the only waypoint of the namespace that may be used. */
function nameWaypoint(
  mesh: Mesh,
  subject: WaypointConsumer,
  { namespace, path }: { readonly namespace: string; readonly path: FieldPath },
): Fix | undefined {
  const consumer = subject.type === 'Namespace' ? subject.name : subject.namespace
  const [only, ...others] = mesh
    .inNamespace('Gateway', namespace)
    .filter(
      (gateway) =>
        mesh.get(classRole, gateway.gatewayClassName) === 'waypoint' &&
        allows(mesh, gateway, consumer) === true &&
        servesObject(mesh, gateway, subject),
    )
  if (!only || others.length > 0) return undefined
  return {
    title: `Use waypoint "${namespace}/${only.name}"`,
    activates: 'waypoint',
    preferred: true,
    safe: false,
    edits: [{ op: 'set', resource: subject, path: [...path, USE_WAYPOINT], value: only.name }],
  }
}
