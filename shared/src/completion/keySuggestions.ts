import { attributeText, SHORT_LAYER } from '../explain/fields/attributeField.js'
import type { WhenAttribute, WhenKey } from '../vocabulary/attributes.js'
import { attributeOfKey } from '../vocabulary/whenKeys.js'
import { layerOfKey } from '../ztunnel/attributes.js'
import type { Suggestion } from './completion.js'

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
