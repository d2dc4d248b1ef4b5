import { dumpServices, dumpWorkloads, sentPolicies, type Mesh } from '@istio-ambient-policy/shared'
import { formatTable } from '../format/table.js'
import { asSingleMesh } from '../inputs.js'
import { EXIT_FAILURE, EXIT_OK, type CliIo } from '../io.js'
import { loadOneMesh } from '../loadMesh.js'
import { failsStrictly } from '../notRead.js'
import { toJson } from '../format/json.js'
import type { ListingName, ListingOptions } from '../commands/ztunnelConfig.js'

/** A part of the configuration of ztunnel, as data and as a table. */
interface Listing {
  json(mesh: Mesh): unknown
  table(mesh: Mesh): string
}

const LISTINGS: Readonly<Record<ListingName, Listing>> = {
  policies: {
    json: (mesh) => mesh.get(sentPolicies, ''),
    table: (mesh) => {
      const rows = mesh
        .get(sentPolicies, '')
        .map(({ namespace, name, action, scope, rules }) => [
          namespace,
          name,
          action,
          scope,
          String(rules.length),
        ])
      return formatTable(['NAMESPACE', 'POLICY NAME', 'ACTION', 'SCOPE', 'RULES'], rows)
    },
  },
  workloads: {
    json: dumpWorkloads,
    table: (mesh) => {
      const rows = dumpWorkloads(mesh).map((workload) => [
        workload.namespace,
        workload.name,
        workload.serviceAccount,
        workload.waypoint ?? 'None',
        workload.protocol,
        workload.authorizationPolicies.join(', ') || 'None',
      ])
      return formatTable(
        ['NAMESPACE', 'WORKLOAD', 'SERVICE ACCOUNT', 'WAYPOINT', 'PROTOCOL', 'POLICIES'],
        rows,
      )
    },
  },
  services: {
    json: dumpServices,
    table: (mesh) => {
      const rows = dumpServices(mesh).map(({ namespace, name, hostname, waypoint }) => [
        namespace,
        name,
        hostname,
        waypoint ?? 'None',
      ])
      return formatTable(['NAMESPACE', 'SERVICE', 'HOSTNAME', 'WAYPOINT'], rows)
    },
  },
}

export async function ztunnelConfig(
  io: CliIo,
  name: ListingName,
  paths: readonly string[],
  options: ListingOptions,
): Promise<number> {
  const listing = LISTINGS[name]
  const { format } = options
  const { analysis, incomplete, notRead } = await loadOneMesh(io, asSingleMesh(io, paths, options))
  io.out(
    format === 'json'
      ? `${toJson(listing.json(analysis.mesh), 2)}\n`
      : listing.table(analysis.mesh),
  )
  return failsStrictly(io, options, notRead) || incomplete ? EXIT_FAILURE : EXIT_OK
}
