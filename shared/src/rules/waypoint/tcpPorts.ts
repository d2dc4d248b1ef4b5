import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { Service } from '../../resources/service.js'
import type { ServiceEntry } from '../../resources/serviceEntry.js'
import { isHttpAttribute } from '../../vocabulary/attributes.js'
import { chainPorts, type ChainPort } from '../../waypoint/chainPorts.js'
import { isFilledIn } from '../support/filledIn.js'
import { attributesOf, type RuleAttribute } from '../support/ruleAttributes.js'

/** The ports of a Service with the protocol at its waypoint. Empty where another tool fills them in. */
export function portsOf(service: Service | ServiceEntry): readonly ChainPort[] {
  return isFilledIn(service, ['spec', 'ports']) ? [] : chainPorts(service)
}

/** The attributes of a policy that need HTTP. */
export function httpAttributesOf(mesh: Mesh, policy: AuthorizationPolicy): RuleAttribute[] {
  return mesh
    .perQuery(attributesOf, policy)
    .filter(({ attribute }) => attribute && isHttpAttribute(attribute))
}
