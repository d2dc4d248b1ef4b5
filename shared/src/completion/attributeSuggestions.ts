import { LAYER_WORDS } from '../explain/explainAttribute.js'
import { ATTRIBUTE_WORDS } from '../explain/support/attributeWords.js'
import type { AttributeField } from '../vocabulary/attributeFields.js'
import type {
  AttributeLayer,
  AttributeName,
  WhenAttribute,
  WhenKey,
} from '../vocabulary/attributes.js'
import { attributeOfKey } from '../vocabulary/whenKeys.js'
import { layerOfKey } from '../ztunnel/attributes.js'
import type { Field, Suggestion } from './completion.js'

const SHORT_LAYER: Readonly<Record<AttributeLayer, string>> = {
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

/** The key to suggest for each attribute, in the order of the list. Undefined: the key is not suggested. */
const SUGGESTED_KEYS: { readonly [N in WhenAttribute]: WhenKey<N> | undefined } = {
  sourceIp: 'source.ip',
  namespace: 'source.namespace',
  principal: 'source.principal',
  serviceAccount: 'source.serviceAccount',
  trustDomain: 'source.trustDomain',
  remoteIp: 'remote.ip',
  destinationIp: 'destination.ip',
  port: 'destination.port',
  serverName: 'connection.sni',
  header: 'request.headers[x-name]',
  requestPrincipal: 'request.auth.principal',
  audience: 'request.auth.audiences',
  presenter: 'request.auth.presenter',
  claim: 'request.auth.claims[name]',
  filterState: undefined,
}

/** The keys of conditions, with the layer of each. */
export const KEY_SUGGESTIONS: readonly Suggestion[] = Object.values(SUGGESTED_KEYS).flatMap(
  (value): Suggestion[] => {
    const known = value === undefined ? undefined : attributeOfKey(value)
    if (value === undefined || !known) return []
    const layer = layerOfKey(value)
    return [
      {
        value,
        kind: 'enum',
        detail: SHORT_LAYER[layer],
        documentation: attributeText(known.attribute, layer, false),
      },
    ]
  },
)

function attributeText(attribute: AttributeName, layer: AttributeLayer, negated: boolean): string {
  const { meaning, matching, atWaypoint } = ATTRIBUTE_WORDS[attribute]
  const lines = [
    `${LAYER_WORDS[layer]}.`,
    negated ? `Matches if none of the values matches. ${meaning}` : meaning,
    ...(matching === '' ? [] : [`**Values**: ${matching}.`]),
    ...(atWaypoint === '' ? [] : [`**At a waypoint**: ${atWaypoint}.`]),
  ]
  return lines.map((line) => line.charAt(0).toUpperCase() + line.slice(1)).join('\n\n')
}
