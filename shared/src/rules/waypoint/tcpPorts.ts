import { hasAddress } from '../../access/route.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy, Operation, Rule } from '../../resources/authorizationPolicy.js'
import type { Service } from '../../resources/service.js'
import type { ServiceEntry } from '../../resources/serviceEntry.js'
import { isHttpAttribute } from '../../vocabulary/attributes.js'
import { attributeOfKey } from '../../vocabulary/whenKeys.js'
import { protocolOf, servicePortProtocol, type PortProtocol } from '../../waypoint/portProtocol.js'
import { isFilledIn } from '../support/filledIn.js'
import { attributesOf, type RuleAttribute } from '../support/ruleAttributes.js'

/**
 * The ports of a Service with the protocol at its waypoint. Empty where another tool fills them in, and for
 * Services without an address, which do not use a waypoint.
 */
export function portsOf(
  service: Service | ServiceEntry,
): { readonly port: number; readonly protocol: PortProtocol }[] {
  if (!hasAddress(service) || isFilledIn(service, ['spec', 'ports'])) return []
  if (service.type === 'ServiceEntry')
    return service.ports.map(({ number, protocol }) => ({
      port: number,
      protocol: protocolOf(protocol),
    }))
  return service.serviceType === 'ExternalName'
    ? []
    : service.ports.map((port) => ({ port: port.port, protocol: servicePortProtocol(port) }))
}

/** The attributes of a policy that need HTTP. */
export function httpAttributesOf(mesh: Mesh, policy: AuthorizationPolicy): RuleAttribute[] {
  return mesh
    .perQuery(attributesOf, policy)
    .filter(({ attribute }) => attribute && isHttpAttribute(attribute))
}

/** Whether a rule can match a port: one of the operations does, and so do the conditions. */
export function matchesPort(
  { to, when }: Rule,
  port: number,
  operations: readonly (Operation | undefined)[] = to ?? [],
): boolean {
  const includesPort = (values: readonly string[]): boolean =>
    values.some((value) => Number(value) === port)
  const byOperation =
    operations.length === 0 ||
    operations.some(
      (operation) =>
        (operation?.ports === undefined || includesPort(operation.ports)) &&
        !includesPort(operation?.notPorts ?? []),
    )
  const conditions = (when ?? []).filter(({ key }) => attributeOfKey(key)?.attribute === 'port')
  return (
    byOperation &&
    conditions.every(
      ({ values, notValues }) =>
        (values.length === 0 || includesPort(values)) && !includesPort(notValues),
    )
  )
}
