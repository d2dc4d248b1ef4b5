import { ruleTests } from '../resources/attributeTests.js'
import type { Rule } from '../resources/authorizationPolicy.js'
import {
  ATTRIBUTE_NAMES,
  factsOf,
  type AttributeLayer,
  type AttributeName,
  type L4Attribute,
} from '../vocabulary/attributes.js'
import { attributeOfKey } from '../vocabulary/whenKeys.js'

/** The layer of a `when` key. istiod treats a key that it does not know as L7, typing errors included. */
export function layerOfKey(key: string): AttributeLayer {
  const known = attributeOfKey(key)
  return (known && factsOf(known.attribute).when?.layer) ?? 'L7'
}

/** Whether ztunnel matches an attribute in a field, in a condition, or in both. */
export function isL4Attribute(attribute: AttributeName): attribute is L4Attribute {
  const { source, operation, when } = factsOf(attribute)
  return [source, operation, when].some((place) => place?.layer === 'L4')
}

/** Whether an attribute is an address that ztunnel matches. The forwarded address of a client is none. */
export function isAddressAtZtunnel(attribute: AttributeName): boolean {
  return isL4Attribute(attribute) && factsOf(attribute).value === 'address block'
}

/**
 * Whether a rule has conditions on IP addresses. A waypoint knows neither the client's nor the pod's
 * (docs/semantics.md §3.9, §7).
 */
export function matchesAddresses(rule: Rule): boolean {
  return ruleTests(rule)
    .flat()
    .some(({ attribute }) => isAddressAtZtunnel(attribute))
}

/** The attributes that ztunnel matches. */
export const L4_ATTRIBUTES: readonly L4Attribute[] = ATTRIBUTE_NAMES.filter(isL4Attribute)
