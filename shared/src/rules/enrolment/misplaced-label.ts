import { keys } from '../../inventory/indexKeys.js'
import type { Workload } from '../../inventory/workloads.js'
import type { Evidence } from '../../mesh/certainty.js'
import { namespaceObject } from '../../mesh/namespaces.js'
import type { Mesh } from '../../mesh/mesh.js'
import { servicesOfWorkload, workloadsOfService } from '../../mesh/services.js'
import { serves } from '../../mesh/waypointGateway.js'
import type { Labels, Resource } from '../../resources/resource.js'
import type { WorkloadController } from '../../resources/workload.js'
import type { FieldPath } from '../../yaml/node.js'
import { policiesNameOtherClients } from '../fixes/bindService.js'
import { rankFixes } from '../fixes/rankFixes.js'
import type { Edit, Fix } from '../fix.js'
import { defineRule } from '../rule.js'
import { AMBIENT_LABELS, type IstioLabel } from '../support/istioLabels.js'
import { isReadFrom } from '../../vocabulary/metadataKeys.js'
import { isController, LABELLED_KINDS, metadataOf, type MetadataMap } from '../support/metadata.js'
import { selectorOfLabel } from '../support/selectedLabels.js'
import { firstThatFits } from '../support/words.js'
import { DATAPLANE_MODE, USE_WAYPOINT, USE_WAYPOINT_NAMESPACE } from '../../vocabulary/labels.js'

export const misplacedLabel = defineRule({
  name: 'misplaced-label',
  level: 'error',
  subjects: LABELLED_KINDS,
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'PeerAuthentication',
    'Service',
    'ServiceMonitor',
    'Workload',
  ],
  checksRejected: true,
  check(resource, { mesh, report }) {
    for (const map of mesh.perQuery(metadataOf, resource)) {
      for (const [key, label] of AMBIENT_LABELS) {
        const value = map.entries[key]
        if (
          value === undefined ||
          (label.field === map.field && isReadFrom(label, resource.type, map.ofPods))
        )
          continue
        const misplaced = { resource, map, key, value, label }
        if (isAlsoSetCorrectly(mesh, misplaced)) continue
        const reader =
          map.field === 'labels'
            ? selectorOfLabel(mesh, { resource, key, ofPods: map.ofPods })
            : undefined
        report({
          message: messageOf(misplaced, reader !== undefined),
          path: [...map.path, key],
          on: 'key',
          ...(reader
            ? { level: 'warning' as const, related: [selects(reader, key)] }
            : { tag: 'unnecessary' as const }),
          fixes: () =>
            reader ? [] : rankFixes(...moveFixes(mesh, misplaced), removeFix(misplaced)),
        })
      }
    }
  },
})

function selects(reader: Resource, key: string): Evidence {
  return {
    resource: reader,
    path: ['metadata', 'name'],
    message: `This object selects by the label ${key}: without the label it selects less.`,
  }
}

interface Misplaced {
  readonly resource: Resource
  readonly map: MetadataMap
  readonly key: string
  readonly value: string
  readonly label: IstioLabel
}

function messageOf({ resource, map, key, label }: Misplaced, isSelected: boolean): string {
  const effect = `This ${map.field === 'labels' ? 'label' : 'annotation'} has no effect`
  if (label.field !== map.field)
    return isSelected
      ? `Istio does not read the label ${key}, which is an annotation: only a selector in these files reads it.`
      : `${effect}: ${key} is ${label.field === 'labels' ? 'a label' : 'an annotation'}.`
  const here = map.ofPods
    ? 'pods'
    : isController(resource)
      ? `the ${resource.type} itself`
      : `a ${resource.type.split('.')[0] ?? ''}`
  const notRead = `Istio does not read ${key} from ${here}`
  return isSelected
    ? firstThatFits(`${notRead}: only a selector in these files reads it.`, `${notRead}.`)
    : firstThatFits(
        `${effect}: Istio reads ${key} from ${label.readers}, not from ${here}.`,
        `${effect}: ${notRead}.`,
      )
}

/** Whether the same value is also set where Istio reads it: some tools add their labels to every object. */
function isAlsoSetCorrectly(mesh: Mesh, { resource, map, key, value, label }: Misplaced): boolean {
  const hasValue = (labels: Labels | undefined): boolean => labels?.[key] === value
  if (label.field !== 'labels' || map.field !== 'labels') return false
  const pods = label.onPods ? podsOfObject(mesh, resource) : []
  if (pods.length > 0 && pods.every(({ template }) => hasValue(template.labels))) return true
  if (pods.length === 0 && label.onPods && isOfGatewayChart(map.entries)) return true
  return (
    isReadFrom(label, 'Namespace', false) &&
    resource.namespace !== '' &&
    hasValue(mesh.get(namespaceObject, resource.namespace)?.labels)
  )
}

/** The workloads to which an object belongs: Istio's chart `gateway` adds its labels to all of them. */
function podsOfObject(mesh: Mesh, resource: Resource): readonly WorkloadController[] {
  if (isController(resource)) return [resource]
  if (resource.type === 'Service')
    return mesh.get(workloadsOfService, resource).filter(isController)
  return resource.type === 'ServiceAccount'
    ? mesh.workloadsAt(keys.identity(resource.namespace, resource.name)).filter(isController)
    : []
}

/** Whether Istio's chart `gateway` made the object: it adds the same labels to the pods. */
function isOfGatewayChart(labels: MetadataMap['entries']): boolean {
  return /^gateway-\d/.test(labels['helm.sh/chart'] ?? '')
}

/** Labels that belong together and are moved together. */
const MOVED_TOGETHER: readonly string[] = [USE_WAYPOINT, USE_WAYPOINT_NAMESPACE]

/** The value "none" takes traffic away from a proxy: where Istio reads it, it may open access. */
function moveFixes(mesh: Mesh, misplaced: Misplaced): (Fix | undefined)[] {
  const { resource, map, key, value, label } = misplaced
  if (value === 'none') return []
  if (MOVED_TOGETHER.includes(key)) return [moveWaypoint(mesh, misplaced)]
  if (label.field !== map.field) {
    const path: FieldPath = [...map.path.slice(0, -1), label.field]
    return [
      isReadFrom(label, resource.type, map.ofPods)
        ? move(misplaced, titleOfField(label), [{ resource, path }])
        : undefined,
    ]
  }
  return [
    key === DATAPLANE_MODE
      ? move(
          misplaced,
          'Move to the pods',
          isController(resource) ? [podsOf(resource)] : podsOfService(mesh, resource),
        )
      : undefined,
  ]
}

function titleOfField({ field }: IstioLabel): string {
  return `Change to ${field === 'labels' ? 'a label' : 'an annotation'}`
}

/**
 * Moves the labels of a waypoint to what it serves: the pods, or their Service. Undefined where the
 * object with the labels would not be bound, or policies at ztunnel name clients of the pods.
 */
function moveWaypoint(mesh: Mesh, misplaced: Misplaced): Fix | undefined {
  const { resource, map, label } = misplaced
  const namespace = map.entries[USE_WAYPOINT_NAMESPACE] ?? resource.namespace
  const name = map.entries[USE_WAYPOINT] ?? ''
  const gateway = mesh.named('Gateway', namespace, name)
  if (!gateway && mesh.inNamespace('Gateway', namespace).length > 0) return undefined
  const mayServe = (traffic: 'service' | 'workload'): boolean =>
    gateway === undefined || serves(mesh, gateway, traffic)
  const mayBind = (workloads: readonly Workload[]): boolean =>
    gateway === undefined || !policiesNameOtherClients(mesh, workloads, gateway)
  if (isController(resource)) {
    if (!mayBind([resource])) return undefined
    if (gateway && serves(mesh, gateway, 'workload'))
      return move(misplaced, map.ofPods ? titleOfField(label) : 'Move to the pods', [
        podsOf(resource),
      ])
    return mayServe('service') ? moveToService(mesh, misplaced, resource) : undefined
  }
  if (!isReadFrom(label, resource.type, map.ofPods)) return undefined
  const isService = resource.type === 'Service' || resource.type === 'ServiceEntry'
  const workloads = isService ? mesh.get(workloadsOfService, resource) : []
  return !isService || (mayServe('service') && mayBind(workloads))
    ? move(misplaced, titleOfField(label), [{ resource, path: ['metadata', label.field] }])
    : undefined
}

/** The field with the labels of an object or of its pods. */
interface LabelsPlace {
  readonly resource: Resource
  readonly path: FieldPath
}

function podsOf(controller: WorkloadController): LabelsPlace {
  return { resource: controller, path: [...controller.templatePath, 'metadata', 'labels'] }
}

function podsOfService(mesh: Mesh, resource: Resource): LabelsPlace[] {
  return resource.type === 'Service'
    ? mesh
        .get(workloadsOfService, resource)
        .filter(isController)
        .filter(({ template }) => template.labels?.[DATAPLANE_MODE] === undefined)
        .map(podsOf)
    : []
}

function moveToService(
  mesh: Mesh,
  misplaced: Misplaced,
  controller: WorkloadController,
): Fix | undefined {
  const services = mesh
    .get(servicesOfWorkload, controller)
    .filter(({ labels }) => labels?.[USE_WAYPOINT] === undefined)
  const [only] = services
  return only && services.length === 1
    ? move(misplaced, `Move to Service "${only.name}"`, [
        { resource: only, path: ['metadata', 'labels'] },
      ])
    : undefined
}

function move(
  { resource, map, key, value }: Misplaced,
  title: string,
  places: readonly LabelsPlace[],
): Fix | undefined {
  if (places.length === 0) return undefined
  const moved = MOVED_TOGETHER.includes(key)
    ? MOVED_TOGETHER.flatMap((other) =>
        map.entries[other] === undefined ? [] : [[other, map.entries[other]] as const],
      )
    : [[key, value] as const]
  const edits = moved.flatMap(([name, text]): Edit[] => [
    { op: 'remove', resource, path: [...map.path, name] },
    ...places.map((place): Edit => ({
      op: 'set',
      resource: place.resource,
      path: [...place.path, name],
      value: text,
    })),
  ])
  return { title, preferred: true, safe: false, edits }
}

function removeFix({ resource, map, key }: Misplaced): Fix {
  return {
    title: `Remove the ${map.field === 'labels' ? 'label' : 'annotation'}`,
    preferred: false,
    safe: false,
    edits: [{ op: 'remove', resource, path: [...map.path, key] }],
  }
}
