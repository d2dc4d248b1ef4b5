import { nearMiss } from '../../mesh/nearMiss.js'
import type { Resource } from '../../resources/resource.js'
import type { FieldPath } from '../../yaml/node.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { setValue } from '../fixes/setValue.js'
import type { Fix } from '../fix.js'
import { defineRule } from '../rule.js'
import { AMBIENT_LABELS, type IstioLabel } from '../support/istioLabels.js'
import { acceptsValue, isReadFrom } from '../../vocabulary/metadataKeys.js'
import { LABELLED_KINDS, metadataOf } from '../support/metadata.js'
import { firstThatFits, quoted } from '../support/words.js'
import {
  DATAPLANE_MODE,
  INGRESS_USE_WAYPOINT,
  USE_WAYPOINT,
  USE_WAYPOINT_CANARY,
  USE_WAYPOINT_NAMESPACE,
  WAYPOINT_FOR,
  isOtherDataPlane,
  LABELS,
} from '../../vocabulary/labels.js'
import { USE_WAYPOINT_CANARY_WEIGHT } from '../../vocabulary/annotations.js'

export const invalidLabelValue = defineRule({
  name: 'invalid-label-value',
  level: 'error',
  subjects: LABELLED_KINDS,
  reads: [],
  checksRejected: true,
  check(resource, { mesh, report }) {
    for (const { field, entries, path, ofPods } of mesh.perQuery(metadataOf, resource)) {
      for (const [key, label] of AMBIENT_LABELS) {
        const value = entries[key]
        if (
          value === undefined ||
          label.field !== field ||
          !isReadFrom(label, resource.type, ofPods) ||
          isPlaceholder(value) ||
          (key === DATAPLANE_MODE && isOtherDataPlane(value)) ||
          acceptsValue(label, value) ||
          (key === USE_WAYPOINT_CANARY_WEIGHT && hasCanary(resource))
        )
          continue
        const reason = `${quoted(value, 24)} is not valid for ${key}`
        const consequence = consequenceOf(key, value)
        report({
          message: firstThatFits(
            `${consequence}: ${reason}. Use ${label.domain}.`,
            `${consequence}: ${reason}.`,
          ),
          path: [...path, key],
          fixes: () => fixesFor({ resource, path, key, value, label }),
        })
      }
    }
  },
})

/** Whether an object chooses the canary of its weight: `canary-not-attached` says what follows. */
function hasCanary({ labels }: Resource): boolean {
  return labels?.[USE_WAYPOINT_CANARY] !== undefined
}

/** The label values that the API server accepts. */
const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/

function consequenceOf(key: string, value: string): string {
  if (key !== USE_WAYPOINT_CANARY_WEIGHT && !LABEL_VALUE.test(value))
    return 'The API server rejects this object'
  switch (key) {
    case USE_WAYPOINT:
    case USE_WAYPOINT_NAMESPACE:
      return 'No waypoint is used'
    case WAYPOINT_FOR:
      return 'This waypoint serves no traffic'
    case INGRESS_USE_WAYPOINT:
      return 'This value counts as false'
    case DATAPLANE_MODE:
      return 'This label has no effect'
    default:
      return 'The canary waypoint is not used'
  }
}

interface WrongValue {
  readonly resource: Resource
  /** The field of the labels or annotations. */
  readonly path: FieldPath
  readonly key: string
  readonly value: string
  readonly label: IstioLabel
}

function fixesFor(wrong: WrongValue): Fix[] {
  const { resource, path, key, value, label } = wrong
  const likely = likelyValue(key, value, label)
  if (likely !== undefined) return [setValue({ resource, path: [...path, key], value: likely })]
  const [namespaceName, name, ...rest] = value.split('/')
  if (
    key !== USE_WAYPOINT ||
    !namespaceName ||
    !name ||
    rest.length > 0 ||
    !acceptsValue(label, namespaceName) ||
    !acceptsValue(label, name)
  )
    return []
  return [
    {
      title: `Change to "${name}" of namespace "${namespaceName}"`,
      preferred: true,
      safe: false,
      edits: [
        { op: 'set', resource, path: [...path, key], value: name },
        { op: 'set', resource, path: [...path, USE_WAYPOINT_NAMESPACE], value: namespaceName },
      ],
    },
  ]
}

const YES = ['true', 'yes', 'y', 'on', 'enabled', 'enable']
const NO = ['false', 'no', 'n', 'off', 'disabled', 'disable']

function likelyValue(key: string, value: string, label: IstioLabel): string | undefined {
  const normalized = value.trim().toLowerCase().replace(/^#/, '').replace(/%$/, '')
  if (normalized !== value && acceptsValue(label, normalized)) return normalized
  if (key === INGRESS_USE_WAYPOINT)
    return YES.includes(normalized) ? 'true' : NO.includes(normalized) ? 'false' : undefined
  if (key === DATAPLANE_MODE)
    return YES.includes(normalized)
      ? 'ambient'
      : NO.includes(normalized)
        ? 'none'
        : nearMiss(normalized, LABELS[DATAPLANE_MODE].values)
  return key === WAYPOINT_FOR ? nearMiss(normalized, LABELS[WAYPOINT_FOR].values) : undefined
}
