import type { Operation, Rule } from '../resources/authorizationPolicy.js'
import type { Service } from '../resources/service.js'
import type { ServiceEntry } from '../resources/serviceEntry.js'
import { attributeOfKey } from '../vocabulary/whenKeys.js'
import { protocolOf, servicePortProtocol, type PortProtocol } from './portProtocol.js'

/** A port of a Service, for which a waypoint has a filter chain. */
export interface ChainPort {
  readonly port: number
  readonly protocol: PortProtocol
}

/** The ports of a Service with the protocol at its waypoint. Empty for Services without an address, which do not use a waypoint. */
export function chainPorts(service: Service | ServiceEntry): readonly ChainPort[] {
  if (service.type === 'ServiceEntry')
    return service.ports.map(({ number, protocol }) => ({
      port: number,
      protocol: protocolOf(protocol),
    }))
  return service.headless || service.serviceType === 'ExternalName'
    ? []
    : service.ports.map((port) => ({ port: port.port, protocol: servicePortProtocol(port) }))
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
