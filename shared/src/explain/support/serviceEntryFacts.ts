import { uncapturedHosts, whyNoAddress } from '../../mesh/hostAddress.js'
import type { Mesh } from '../../mesh/mesh.js'
import { visibilityOf } from '../../mesh/serviceEntryVisibility.js'
import type { ServiceEntry } from '../../resources/serviceEntry.js'
import { lacksChain } from '../../waypoint/wildcardHosts.js'

const NO_CHAIN = 'it has no filter chain for TLS ports of a wildcard host'

/**
 * What becomes of connections to the hosts of a ServiceEntry before its waypoint decides about them, in sentences
 * without their full stop.
 *
 * @param isBound whether the ServiceEntry has a waypoint.
 */
export function connectionFacts(mesh: Mesh, entry: ServiceEntry, isBound: boolean): string[] {
  const bypassing = mesh
    .get(uncapturedHosts, entry)
    .map(
      ({ host, reason }) =>
        `clients of ${host} connect to it directly${isBound ? ' and bypass the waypoint' : ''}: ztunnel's DNS has no address of it, because ${whyNoAddress(mesh, reason)}`,
    )
  const withoutChain = hostPorts(entry)
    .filter((each) => lacksChain(mesh, entry, each))
    .map(
      ({ host, port }) => `the waypoint resets connections to port ${port} of ${host}: ${NO_CHAIN}`,
    )
  return [...bypassing, ...(isBound ? withoutChain : []), ...visibilityFacts(mesh, entry)]
}

/** Why a waypoint resets every connection to a ServiceEntry; undefined if it does not. */
export function whyReset(mesh: Mesh, entry: ServiceEntry): string | undefined {
  const all = hostPorts(entry)
  return all.length > 0 && all.every((each) => lacksChain(mesh, entry, each))
    ? `the waypoint resets all its connections: ${NO_CHAIN}`
    : undefined
}

function hostPorts({ hosts, ports }: ServiceEntry): { host: string; port: number }[] {
  return hosts.flatMap((host) => ports.map(({ number }) => ({ host, port: number })))
}

function visibilityFacts(mesh: Mesh, { namespace }: ServiceEntry): string[] {
  switch (mesh.get(visibilityOf, namespace)) {
    case 'PUBLIC':
      return []
    case 'NAMESPACE':
      return [
        'only clients of its namespace see it (serviceEntryVisibility): others bypass its waypoint',
      ]
    case 'NONE':
      return ['it has no effect: istiod does not configure it (serviceEntryVisibility)']
  }
}
