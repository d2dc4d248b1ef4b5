import type { AttributeField } from '../../vocabulary/attributeFields.js'
import type { AttributeLayer, AttributeName } from '../../vocabulary/attributes.js'
import { LAYER_WORDS } from '../explainAttribute.js'
import { ATTRIBUTE_WORDS } from '../support/attributeWords.js'
import type { Field } from './field.js'

export const SHORT_LAYER: Readonly<Record<AttributeLayer, string>> = {
  L4: 'L4 · ztunnel and waypoint',
  L7: 'L7 · waypoint only',
  ignored: 'waypoint only',
}

/** A field of a source or an operation, with the proxies that match it. */
export function attributeField({ field, attribute, negated, layer }: AttributeField): Field {
  return {
    name: field,
    holds: 'list',
    detail: SHORT_LAYER[layer],
    documentation: attributeText(attribute, layer, negated),
  }
}

/** What an attribute of a rule means, in Markdown. */
export function attributeText(
  attribute: AttributeName,
  layer: AttributeLayer,
  negated: boolean,
): string {
  const { meaning, matching, atWaypoint } = ATTRIBUTE_WORDS[attribute]
  const lines = [
    `${LAYER_WORDS[layer]}.`,
    negated ? `Matches if none of the values matches. ${meaning}` : meaning,
    ...(matching === '' ? [] : [`**Values**: ${matching}.`]),
    ...(atWaypoint === '' ? [] : [`**At a waypoint**: ${atWaypoint}.`]),
  ]
  return lines.map((line) => line.charAt(0).toUpperCase() + line.slice(1)).join('\n\n')
}
