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
        if (isSaidWhereItCounts(mesh, misplaced)) continue
        report({
          message: messageOf(misplaced),
          path: [...map.path, key],
          on: 'key',
          fixes: () => rankFixes(...movesOf(mesh, misplaced), removal(misplaced)),
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
  if (label.field !== map.field)
    return `${key} is ${label.field === 'labels' ? 'a label: as an annotation' : 'an annotation: as a label'} it has no effect.`
  const here = map.ofPods
    ? 'pods'
    : isController(resource)
      ? `the ${resource.type} itself`
      : `a ${resource.type.split('.')[0] ?? ''}`
  return firstThatFits(
    `Istio reads ${key} from ${label.readers}, not from ${here}: it has no effect.`,
    `Istio does not read ${key} from ${here}: it has no effect.`,
  )
}

/** Whether the same is also said where Istio reads it: labels that a tool puts on everything harm nobody. */
function isSaidWhereItCounts(mesh: Mesh, { resource, map, key, value, label }: Misplaced): boolean {
  const says = (labels: Labels | undefined): boolean => labels?.[key] === value
  if (label.field !== 'labels' || map.field !== 'labels') return false
  if (label.onPods && isController(resource) && says(resource.template.labels)) return true
  return (
    isReadFrom(label, 'Namespace', false) &&
    resource.namespace !== '' &&
    says(mesh.get(namespaceObject, resource.namespace)?.labels)
  )
}

/** Labels that mean nothing without each other move together. */
const TOGETHER: readonly string[] = [USE_WAYPOINT, USE_WAYPOINT_NAMESPACE]

function movesOf(mesh: Mesh, misplaced: Misplaced): (Fix | undefined)[] {
  const { resource, map, key, label } = misplaced
  if (label.field !== map.field) {
    const path: FieldPath = [...map.path.slice(0, -1), label.field]
    return [
      isReadFrom(label, resource.type, map.ofPods)
        ? move(misplaced, `Make it ${label.field === 'labels' ? 'a label' : 'an annotation'}`, [
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
  if (!controller || map.ofPods || !TOGETHER.includes(key)) return []
  return [
    isForPods(mesh, controller)
      ? move(misplaced, 'Move to the pods', [podsOf(controller)])
      : moveToService(mesh, misplaced, controller),
  ]
}

interface Place {
  readonly resource: Resource
  /** Of the labels. */
  readonly path: FieldPath
}

function podsOf(controller: WorkloadController): Place {
  return { resource: controller, path: [...controller.templatePath, 'metadata', 'labels'] }
}

function podsOfService(mesh: Mesh, resource: Resource): Place[] {
  return resource.type === 'Service'
    ? mesh
        .get(workloadsOfService, resource)
        .filter(isController)
        .filter(({ template }) => template.labels?.[DATAPLANE_MODE] === undefined)
        .map(podsOf)
    : []
}

/** Whether the waypoint that a controller names takes traffic to pods' own addresses. */
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
  places: readonly Place[],
): Fix | undefined {
  if (places.length === 0) return undefined
  const moved = TOGETHER.includes(key)
    ? TOGETHER.flatMap((other) =>
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

function removal({ resource, map, key }: Misplaced): Fix {
  return {
    title: `Remove the ${map.field === 'labels' ? 'label' : 'annotation'}`,
    preferred: false,
    safe: false,
    edits: [{ op: 'remove', resource, path: [...map.path, key] }],
  }
}
