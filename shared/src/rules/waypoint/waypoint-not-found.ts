import { isWorkload } from '../../inventory/workloads.js'
import { keys } from '../../inventory/indexKeys.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import { assumed, CERTAIN, type KnownCertainty } from '../../mesh/certainty.js'
import { knowsGateways, mayBeFilled } from '../../mesh/described.js'
import { namespaceObject } from '../../mesh/namespaces.js'
import { podLabels } from '../../mesh/pods.js'
import { classRole } from '../../mesh/gatewayClass.js'
import { nearMiss } from '../../mesh/nearMiss.js'
import { allows, servesObject } from '../../mesh/waypointGateway.js'
import type { Gateway } from '../../resources/gateway.js'
import { isUnnamed } from '../../resources/namespaceId.js'
import { WORKLOAD_KINDS } from '../../resources/workload.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { isHidden } from '../../mesh/discovery.js'
import { discoverNamespace } from '../fixes/discoverNamespace.js'
import { setValue } from '../fixes/setValue.js'
import { createWaypoint, createWorkloadWaypoint } from '../fixes/createWaypoint.js'
import { rankFixes } from '../fixes/rankFixes.js'
import type { Fix } from '../fix.js'
import { defineRule } from '../rule.js'
import { acceptsValue } from '../../vocabulary/metadataKeys.js'
import { firstThatFits } from '../support/words.js'
import {
  useWaypointLabelOf,
  type UseWaypointLabel,
  type WaypointConsumer,
} from '../support/useWaypointLabel.js'
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
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'Other',
    'Workload',
    'opaque',
  ],
  check(subject, { mesh, report }) {
    const object = useWaypointLabelOf(subject)
    if (!object || isUnknownOrInvalid(object)) return
    const { name, namespace } = object.waypoint
    if (isWaypointPod(mesh, subject)) return
    const hidden = mesh.get(isHidden, namespace)
    if (mesh.named('Gateway', namespace, name) && !hidden) return
    if (hidden) {
      report({
        message: firstThatFits(
          ...consequences(mesh, object).map(
            ({ effect }) =>
              `No L7 policy is enforced${effect}: discoverySelectors leave out namespace "${namespace}" with its waypoint.`,
          ),
        ),
        path: object.path,
        related: mesh.at('Namespace', keys.named('Namespace', '', namespace)).map((resource) => ({
          resource,
          path: ['metadata', 'labels'],
          message: `No discovery selector selects namespace "${namespace}".`,
        })),
        fixes: () => rankFixes(discoverNamespace(mesh, namespace)),
      })
      return
    }
    const suggestion = nearMiss(name, waypointNames(mesh, namespace))
    const twin = suggestion === undefined ? twinOf(mesh, object) : undefined
    const certainty = certaintyOf(mesh, object, { suggestion, twin })
    if (!certainty) return
    report({
      message: firstThatFits(
        ...consequences(mesh, object).map(
          ({ effect, addition = '' }) =>
            `No L7 policy is enforced${effect}: waypoint "${shownName(object.waypoint)}" does not exist${addition}.`,
        ),
      ),
      path: object.path,
      certainties: [certainty],
      related: (twin
        ? [twin]
        : suggestion === undefined
          ? []
          : mesh.at('Gateway', keys.named('Gateway', namespace, suggestion))
      ).map((gateway) => ({
        resource: gateway,
        path: ['metadata', 'name'],
        message: `Waypoint "${twin ? shownName(gateway) : gateway.name}" is defined here.`,
      })),
      fixes: () => fixesFor(mesh, object, { suggestion, twin }),
    })
  },
})

function isUnknownOrInvalid({ waypoint }: UseWaypointLabel): boolean {
  if (waypoint.name === 'none' || isPlaceholder(waypoint.name) || isPlaceholder(waypoint.namespace))
    return true
  // Invalid names are reported by invalid-label-value.
  const isInvalid = (label: LabelName, value: string): boolean =>
    !isUnnamed(value) && !acceptsValue(LABELS[label], value)
  return (
    isInvalid(USE_WAYPOINT, waypoint.name) || isInvalid(USE_WAYPOINT_NAMESPACE, waypoint.namespace)
  )
}

/** Pods of a waypoint use no waypoint. */
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

/** What the label may refer to instead. */
interface Meant {
  /** The name of a waypoint of the namespace that the label names. */
  readonly suggestion: string | undefined
  /** The waypoint of another namespace that has the name and may be used. */
  readonly twin: Gateway | undefined
}

/** The only waypoint with this name that another namespace shares with the one of the object. */
function twinOf(
  mesh: Mesh,
  { subject, waypoint, consumerNamespace }: UseWaypointLabel,
): Gateway | undefined {
  const shared = mesh
    .get(waypointsOfName, waypoint.name)
    .filter(
      (gateway) =>
        gateway.namespace !== consumerNamespace &&
        allows(mesh, gateway, consumerNamespace) === true &&
        servesObject(mesh, gateway, subject),
    )
  const [twin] = shared
  return shared.length === 1 ? twin : undefined
}

const waypointsOfName = query('waypoints of name', (mesh, name: string): readonly Gateway[] =>
  mesh
    .all('Gateway')
    .filter(
      (gateway) =>
        gateway.name === name && mesh.get(classRole, gateway.gatewayClassName) === 'waypoint',
    ),
)

/** Undefined where the Gateway may exist outside the files. */
function certaintyOf(
  mesh: Mesh,
  { waypoint, consumerNamespace }: UseWaypointLabel,
  { suggestion, twin }: Meant,
): KnownCertainty | undefined {
  if (mesh.get(knowsGateways, waypoint.namespace)) return CERTAIN
  if (suggestion !== undefined)
    return assumed(
      `"${waypoint.name}" is a misspelling of "${suggestion}", not a Gateway outside these files`,
    )
  const isMeant =
    twin !== undefined &&
    waypoint.namespace === consumerNamespace &&
    !isUnnamed(consumerNamespace) &&
    !isUnnamed(twin.namespace) &&
    !mesh.hasOpaque('Gateway') &&
    !mayBeFilled(mesh, consumerNamespace)
  return isMeant
    ? assumed(
        `"${waypoint.name}" is the waypoint of namespace "${twin.namespace}", not a Gateway outside these files`,
      )
    : undefined
}

interface Consequence {
  readonly effect: string
  readonly addition?: string
}

/** What the missing waypoint causes, the most detailed wording first. */
function consequences(mesh: Mesh, { subject, isOwnLabel }: UseWaypointLabel): Consequence[] {
  if (!isOwnLabel) return [{ effect: ' in this namespace' }, { effect: '' }]
  const effect = ` for "${subject.name}"`
  const inherited = mesh.get(namespaceObject, subject.namespace)?.labels?.[USE_WAYPOINT]
  const isHidden = inherited !== undefined && inherited !== 'none'
  return [
    ...(isHidden ? [{ effect, addition: "; the namespace's waypoint is not used instead" }] : []),
    { effect },
    { effect: '' },
  ]
}

function fixesFor(mesh: Mesh, object: UseWaypointLabel, { suggestion, twin }: Meant): Fix[] {
  const { subject, path, waypoint, consumerNamespace } = object
  const other = twin ?? twinOf(mesh, object)
  const useOther: Fix | undefined = other
    ? {
        title: `Use the waypoint of namespace "${other.namespace}"`,
        activates: 'waypoint',
        preferred: false,
        safe: false,
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
    suggestion === undefined
      ? undefined
      : {
          ...setValue({ resource: subject, path, value: suggestion }),
          activates: 'waypoint',
        },
    useOther,
    suggestion === undefined &&
      waypoint.namespace === consumerNamespace &&
      /^[a-z0-9]/.test(waypoint.name)
      ? isWorkload(subject)
        ? createWorkloadWaypoint(mesh, subject, waypoint.name)
        : createWaypoint(mesh, waypoint.namespace, waypoint.name)
      : undefined,
  )
}
