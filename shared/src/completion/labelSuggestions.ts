import { WORKLOAD_KINDS } from '../resources/workload.js'
import type { KindRole } from '../vocabulary/kinds.js'
import {
  DATAPLANE_MODE,
  USE_WAYPOINT,
  USE_WAYPOINT_NAMESPACE,
  WAYPOINT_FOR,
  type LABELS,
} from '../vocabulary/labels.js'
import type { FieldPath } from '../yaml/node.js'
import type { Field } from '../explain/fields/field.js'
import { choices, type Suggestion } from './completion.js'
import { roleOfDraft, type Draft } from './draft.js'
import * as known from './known.js'
import { isAt, type PathPattern } from '../yaml/pathPattern.js'

const OWN_LABELS: PathPattern = ['metadata', 'labels']
const POD_LABELS: readonly PathPattern[] = [
  ['spec', 'template', 'metadata', 'labels'],
  ['spec', 'jobTemplate', 'spec', 'template', 'metadata', 'labels'],
]
const LABELLED_ROLES: ReadonlySet<KindRole | undefined> = new Set<KindRole>([
  'namespace',
  'service',
  'workload-entry',
  'gateway',
])
const CONTROLLERS: ReadonlySet<string> = new Set(WORKLOAD_KINDS.filter((kind) => kind !== 'Pod'))

/** Whether Istio reads labels in a mapping: those of the object, or of the pods of a controller. */
export function isIstioLabels(draft: Draft, path: FieldPath): boolean {
  if (CONTROLLERS.has(draft.kind)) return POD_LABELS.some((labels) => isAt(path, labels))
  return isAt(path, OWN_LABELS) && (draft.kind === 'Pod' || LABELLED_ROLES.has(roleOfDraft(draft)))
}

const DATAPLANE_FIELD: Field = {
  name: DATAPLANE_MODE,
  holds: 'scalar',
  detail: 'ambient or none',
  documentation: 'Puts pods in ambient mode.',
}
const WAYPOINT_FIELDS: readonly Field[] = [
  {
    name: USE_WAYPOINT,
    holds: 'scalar',
    detail: 'name of a waypoint',
    documentation: 'The waypoint that traffic goes through. `none` means no waypoint.',
  },
  { name: USE_WAYPOINT_NAMESPACE, holds: 'scalar', detail: 'namespace of that waypoint' },
]
const WAYPOINT_FOR_FIELD: Field = {
  name: WAYPOINT_FOR,
  holds: 'scalar',
  detail: 'service, workload, all or none',
  documentation: 'The traffic that a waypoint serves.',
}

/** Istio's labels for the kind of an object. */
export function labelFields({ kind }: Draft): readonly Field[] {
  switch (kind) {
    case 'Gateway':
    case 'GatewayClass':
      return [WAYPOINT_FOR_FIELD]
    case 'Service':
    case 'ServiceEntry':
    case 'WorkloadEntry':
      return WAYPOINT_FIELDS
    default:
      return [DATAPLANE_FIELD, ...WAYPOINT_FIELDS]
  }
}

/** The values of one of Istio's labels. */
export function labelValues(draft: Draft, path: FieldPath): readonly Suggestion[] {
  const { mesh, document, root } = draft
  switch (path.at(-1)) {
    case DATAPLANE_MODE:
      return DATAPLANE_MODES
    case WAYPOINT_FOR:
      return WAYPOINT_FOR_VALUES
    case USE_WAYPOINT_NAMESPACE:
      return mesh.get(known.namespaces, '')
    case USE_WAYPOINT: {
      const other = document.value(...root, ...path.slice(0, -1), USE_WAYPOINT_NAMESPACE)
      return known.waypointNames(mesh, other ?? namespaceOf(draft))
    }
    default:
      return []
  }
}

/** The namespace of an object; its name for a Namespace. */
function namespaceOf({ kind, document, root, namespace }: Draft): string {
  return kind === 'Namespace' ? (document.value(...root, 'metadata', 'name') ?? '') : namespace
}

const DATAPLANE_MODES = labelChoices(DATAPLANE_MODE, {
  ambient: 'ztunnel captures the traffic of the pods.',
  none: 'The pods stay out of ambient mode.',
})
const WAYPOINT_FOR_VALUES = labelChoices(WAYPOINT_FOR, {
  service: 'Traffic to Services (the default).',
  workload: 'Traffic to pod addresses.',
  all: 'Both.',
  none: 'No traffic; for tests.',
})

/** The listed values of a label, each with its effect. */
function labelChoices<const L extends typeof DATAPLANE_MODE | typeof WAYPOINT_FOR>(
  _: L,
  words: Readonly<Record<(typeof LABELS)[L]['values'][number], string>>,
): readonly Suggestion[] {
  return choices(words)
}
