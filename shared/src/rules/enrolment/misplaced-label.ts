import { namespaceObject } from '../../mesh/namespaces.js'
import type { Mesh } from '../../mesh/mesh.js'
import { servicesOfWorkload, workloadsOfService } from '../../mesh/services.js'
import { serves } from '../../mesh/waypointGateway.js'
import type { Labels, Resource } from '../../resources/resource.js'
import type { WorkloadController } from '../../resources/workload.js'
import type { FieldPath } from '../../yaml/node.js'
import { rankFixes } from '../fixes/rankFixes.js'
import type { Edit, Fix } from '../fix.js'
import { defineRule } from '../rule.js'
import { AMBIENT_LABELS, type IstioLabel } from '../support/istioLabels.js'
import { isReadFrom } from '../../vocabulary/metadataKeys.js'
import { isController, LABELLED_KINDS, metadataOf, type MetadataMap } from '../support/metadata.js'
import { firstThatFits } from '../support/words.js'
import { DATAPLANE_MODE, USE_WAYPOINT, USE_WAYPOINT_NAMESPACE } from '../../vocabulary/labels.js'

export const misplacedLabel = defineRule({
  name: 'misplaced-label',
  level: 'error',
  subjects: LABELLED_KINDS,
  reads: ['Gateway', 'GatewayClass', 'Namespace', 'Service', 'Workload'],
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
        report({
          message: messageOf(misplaced),
          path: [...map.path, key],
          on: 'key',
          fixes: () => rankFixes(...moveFixes(mesh, misplaced), removeFix(misplaced)),
          tag: 'unnecessary',
        })
      }
    }
  },
})

interface Misplaced {
  readonly resource: Resource
  readonly map: MetadataMap
  readonly key: string
  readonly value: string
  readonly label: IstioLabel
}

function messageOf({ resource, map, key, label }: Misplaced): string {
  const effect = `This ${map.field === 'labels' ? 'label' : 'annotation'} has no effect`
  if (label.field !== map.field)
    return `${effect}: ${key} is ${label.field === 'labels' ? 'a label' : 'an annotation'}.`
  const here = map.ofPods
    ? 'pods'
    : isController(resource)
      ? `the ${resource.type} itself`
      : `a ${resource.type.split('.')[0] ?? ''}`
  return firstThatFits(
    `${effect}: Istio reads ${key} from ${label.readers}, not from ${here}.`,
    `${effect}: Istio does not read ${key} from ${here}.`,
  )
}

/** Whether the same value is also set where Istio reads it: some tools add their labels to every object. */
function isAlsoSetCorrectly(mesh: Mesh, { resource, map, key, value, label }: Misplaced): boolean {
  const hasValue = (labels: Labels | undefined): boolean => labels?.[key] === value
  if (label.field !== 'labels' || map.field !== 'labels') return false
  if (label.onPods && isController(resource) && hasValue(resource.template.labels)) return true
  return (
    isReadFrom(label, 'Namespace', false) &&
    resource.namespace !== '' &&
    hasValue(mesh.get(namespaceObject, resource.namespace)?.labels)
  )
}

/** Labels that belong together and are moved together. */
const MOVED_TOGETHER: readonly string[] = [USE_WAYPOINT, USE_WAYPOINT_NAMESPACE]

function moveFixes(mesh: Mesh, misplaced: Misplaced): (Fix | undefined)[] {
  const { resource, map, key, label } = misplaced
  if (label.field !== map.field) {
    const path: FieldPath = [...map.path.slice(0, -1), label.field]
    return [
      isReadFrom(label, resource.type, map.ofPods)
        ? move(misplaced, `Change to ${label.field === 'labels' ? 'a label' : 'an annotation'}`, [
            { resource, path },
          ])
        : undefined,
    ]
  }
  const controller = isController(resource) ? resource : undefined
  if (key === DATAPLANE_MODE)
    return [
      move(
        misplaced,
        'Move to the pods',
        controller ? [controller].map(podsOf) : podsOfService(mesh, resource),
      ),
    ]
  if (!controller || map.ofPods || !MOVED_TOGETHER.includes(key)) return []
  return [
    isForPods(mesh, controller)
      ? move(misplaced, 'Move to the pods', [podsOf(controller)])
      : moveToService(mesh, misplaced, controller),
  ]
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

/** Whether the waypoint of the label serves traffic to the addresses of pods. */
function isForPods(mesh: Mesh, { labels, namespace }: WorkloadController): boolean {
  const gateway = mesh.named(
    'Gateway',
    labels?.[USE_WAYPOINT_NAMESPACE] ?? namespace,
    labels?.[USE_WAYPOINT] ?? '',
  )
  return gateway !== undefined && serves(mesh, gateway, 'workload')
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
