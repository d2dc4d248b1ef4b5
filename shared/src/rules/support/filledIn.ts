import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { ResourceBase } from '../../resources/resource.js'
import { OPERATION_FIELDS, SOURCE_FIELDS } from '../../vocabulary/attributeFields.js'
import { isL4Attribute } from '../../ztunnel/attributes.js'
import { dropsUnreadable } from '../../ztunnel/convertMatch.js'
import type { FieldPath, PathSegment } from '../../yaml/node.js'
import { DRY_RUN } from '../../vocabulary/annotations.js'

/** Whether another tool fills in a value at a path of an object or below it. */
export function isFilledIn(
  { placeholders }: Pick<ResourceBase, 'placeholders'>,
  path: FieldPath,
): boolean {
  return placeholders.some((placeholder) =>
    path.every((segment, at) => placeholder[at] === segment),
  )
}

const ACTION: FieldPath = ['spec', 'action']
const DRY_RUN_ANNOTATION: FieldPath = ['metadata', 'annotations', DRY_RUN]

/** Whether another tool fills in the action of a policy, or whether it is a dry run. */
export function isActionFilledIn(policy: AuthorizationPolicy): boolean {
  return isFilledIn(policy, ACTION) || isFilledIn(policy, DRY_RUN_ANNOTATION)
}

/**
 * Fields whose values decide which part of a rule istiod keeps: it drops values that it cannot
 * parse.
 */
const CONVERTED: ReadonlySet<PathSegment> = new Set([
  ...[...SOURCE_FIELDS, ...OPERATION_FIELDS]
    .filter(({ attribute }) => isL4Attribute(attribute) && dropsUnreadable(attribute))
    .map(({ field }) => field),
  'key',
  'values',
  'notValues',
])

/** Whether the part of a rule that istiod keeps depends on values that another tool fills in. */
export function isRuleFilledIn(
  { placeholders }: Pick<ResourceBase, 'placeholders'>,
  index: number,
): boolean {
  return placeholders.some(
    (path) =>
      path[0] === 'spec' &&
      path[1] === 'rules' &&
      path[2] === index &&
      path.some((segment) => CONVERTED.has(segment)),
  )
}
