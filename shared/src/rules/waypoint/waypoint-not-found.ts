import { keys } from '../../inventory/indexKeys.js'
import type { Mesh } from '../../mesh/mesh.js'
import { assumed, CERTAIN, type KnownCertainty } from '../../mesh/certainty.js'
import { knowsGateways } from '../../mesh/described.js'
import { namespaceObject } from '../../mesh/namespaces.js'
import { podLabels } from '../../mesh/pods.js'
import { classRole } from '../../mesh/gatewayClass.js'
import { nearMiss } from '../../mesh/nearMiss.js'
import { allows } from '../../mesh/waypointGateway.js'
import { isUnnamed } from '../../resources/namespaceId.js'
import { WORKLOAD_KINDS } from '../../resources/workload.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { setValue } from '../fixes/didYouMean.js'
import { rankFixes, createWaypoint } from '../fixes/index.js'
import type { Fix } from '../fix.js'
import { defineRule } from '../rule.js'
import { acceptsValue } from '../../vocabulary/metadataKeys.js'
import { firstThatFits } from '../support/words.js'
import {
  labelledObject,
  type LabelledObject,
  type WaypointConsumer,
} from '../support/labelledObject.js'
import { shownName } from '../support/resourceNames.js'
import {
  GATEWAY_NAME,
  USE_WAYPOINT,
  USE_WAYPOINT_NAMESPACE,
  LABELS,
  type LabelName,
} from '../../vocabulary/labels.js'

export const waypointNotFound = defineRule({
  name: 'waypoint-not-found',
  level: 'error',
  subjects: ['Namespace', 'Service', 'ServiceEntry', 'WorkloadEntry', ...WORKLOAD_KINDS],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'Gateway.networking.istio.io',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'Workload',
    'opaque',
  ],
  check(subject, { mesh, report }) {
    const object = labelledObject(subject)
    if (!object || isOpaque(object)) return
    const { name, namespace } = object.waypoint
    if (mesh.named('Gateway', namespace, name) || isWaypointPod(mesh, subject)) return
    const meant = nearMiss(name, waypointNames(mesh, namespace))
    const certainty = certaintyOf(mesh, object, meant)
    if (!certainty) return
    report({
      message: firstThatFits(
        ...consequences(mesh, object).map(
          (consequence) =>
            `Waypoint "${shownName(object.waypoint)}" does not exist: ${consequence}.`,
        ),
      ),
      path: object.path,
      certainties: [certainty],
      related:
        meant === undefined
          ? []
          : mesh.at('Gateway', keys.named('Gateway', namespace, meant)).map((resource) => ({
              resource,
              path: ['metadata', 'name'],
              message: `This Gateway is called "${meant}".`,
            })),
      fixes: () => fixesFor(mesh, object, meant),
    })
  },
})

function isOpaque({ waypoint }: LabelledObject): boolean {
  if (waypoint.name === 'none' || isPlaceholder(waypoint.name) || isPlaceholder(waypoint.namespace))
    return true
  // What no Gateway can be called is a finding of its own.
  const isRefused = (label: LabelName, value: string): boolean =>
    !isUnnamed(value) && !acceptsValue(LABELS[label], value)
  return (
    isRefused(USE_WAYPOINT, waypoint.name) || isRefused(USE_WAYPOINT_NAMESPACE, waypoint.namespace)
  )
}

/** A waypoint's own pods have none. */
function isWaypointPod(mesh: Mesh, subject: WaypointConsumer): boolean {
  if (subject.type === 'Namespace' || subject.type === 'Service' || subject.type === 'ServiceEntry')
    return false
  const instanceOf = podLabels(subject)?.[GATEWAY_NAME]
  return (
    instanceOf !== undefined && mesh.named('Gateway', subject.namespace, instanceOf) !== undefined
  )
}

function waypointNames(mesh: Mesh, namespace: string): string[] {
  return mesh
    .inNamespace('Gateway', namespace)
    .filter(({ gatewayClassName }) => mesh.get(classRole, gatewayClassName) === 'waypoint')
    .map(({ name }) => name)
}

/** Undefined where the Gateway may exist outside the files. */
function certaintyOf(
  mesh: Mesh,
  { waypoint }: LabelledObject,
  meant: string | undefined,
): KnownCertainty | undefined {
  if (mesh.get(knowsGateways, waypoint.namespace)) return CERTAIN
  return meant === undefined
    ? undefined
    : assumed(`"${waypoint.name}" is a mistyped "${meant}" and no Gateway outside these files`)
}

function consequences(mesh: Mesh, { subject, own }: LabelledObject): string[] {
  if (!own)
    return [
      'Services of this namespace have no waypoint and no L7 policy is enforced',
      'no L7 policy is enforced in this namespace',
    ]
  const inherited = mesh.get(namespaceObject, subject.namespace)?.labels?.[USE_WAYPOINT]
  const fallback =
    inherited === undefined || inherited === 'none'
      ? []
      : [
          `; "${inherited}" of its namespace is no fallback`,
          '; that of its namespace is no fallback',
        ]
  const none = ' has no waypoint and no L7 policy is enforced'
  return [
    ...fallback.map((words) => `"${subject.name}"${none}${words}`),
    `"${subject.name}"${none}`,
    'no L7 policy is enforced',
  ]
}

function fixesFor(mesh: Mesh, object: LabelledObject, meant: string | undefined): Fix[] {
  const { subject, path, waypoint, consumer } = object
  const elsewhere = mesh
    .all('Gateway')
    .filter(
      (gateway) =>
        gateway.name === waypoint.name &&
        mesh.get(classRole, gateway.gatewayClassName) === 'waypoint' &&
        allows(mesh, gateway, consumer) === true,
    )
  const [other] = elsewhere
  const there: Fix | undefined =
    other && elsewhere.length === 1
      ? {
          title: `Use the waypoint of namespace "${other.namespace}"`,
          preferred: false,
          safe: true,
          edits: [
            {
              op: 'set',
              resource: subject,
              path: [...path.slice(0, -1), USE_WAYPOINT_NAMESPACE],
              value: other.namespace,
            },
          ],
        }
      : undefined
  return rankFixes(
    meant === undefined ? undefined : setValue({ resource: subject, path, value: meant }),
    there,
    waypoint.namespace === consumer && /^[a-z0-9]/.test(waypoint.name)
      ? createWaypoint(mesh, waypoint.namespace, waypoint.name)
      : undefined,
  )
}
