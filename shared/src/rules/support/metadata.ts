import { isWorkload } from '../../inventory/workloads.js'
import { isGatewayPod } from '../../mesh/gatewayClass.js'
import type { Labels, Resource, ResourceType } from '../../resources/resource.js'
import type { WorkloadController } from '../../resources/workload.js'
import { kindsOf } from '../../vocabulary/kinds.js'
import type { FieldPath } from '../../yaml/node.js'
import { isIstioKey, type MetadataField } from '../../vocabulary/metadataKeys.js'
import { MANAGED } from '../../vocabulary/labels.js'

/** Kinds whose metadata is judged. */
export const LABELLED_KINDS: readonly ResourceType[] = kindsOf(
  'namespace',
  'account',
  'service',
  'gateway',
  'pods',
  'workload-entry',
  'policy',
  'network-policy',
  'route',
  'istio-gateway',
  'external-client',
  'extension',
)

/** The labels or annotations of an object, or of the pods that it makes. */
export interface MetadataMap {
  readonly field: MetadataField
  readonly entries: Labels
  readonly path: FieldPath
  /** Whether they reach pods: those of a pod template, and a Pod's own. */
  readonly ofPods: boolean
}

/** What an object's metadata says in Istio's words. Nothing for what istiod makes for a Gateway, whose labels it copies. */
export function metadataOf(resource: Resource): MetadataMap[] {
  const controller = isController(resource) ? resource : undefined
  const isPod = resource.type === 'Pod'
  const own = mapsOf(resource, { path: [], ofPods: isPod })
  const found =
    isPod || !controller
      ? own
      : [...own, ...mapsOf(controller.template, { path: controller.templatePath, ofPods: true })]
  return found.length > 0 &&
    (isGenerated(resource.labels) || isGenerated(controller?.template.labels))
    ? []
    : found
}

function isGenerated(labels: Labels | undefined): boolean {
  return labels?.[MANAGED] !== undefined || isGatewayPod(labels)
}

export function isController(resource: Resource): resource is WorkloadController {
  return isWorkload(resource) && resource.type !== 'WorkloadEntry'
}

function mapsOf(
  metadata: { readonly labels: Labels | undefined; readonly annotations: Labels | undefined },
  { path, ofPods }: Pick<MetadataMap, 'path' | 'ofPods'>,
): MetadataMap[] {
  const found: MetadataMap[] = []
  for (const field of FIELDS) {
    const entries = metadata[field]
    if (entries && hasIstioKey(entries))
      found.push({ field, entries, path: [...path, 'metadata', field], ofPods })
  }
  return found
}

const FIELDS = ['labels', 'annotations'] as const

function hasIstioKey(entries: Labels): boolean {
  for (const key in entries) if (isIstioKey(key)) return true
  return false
}
