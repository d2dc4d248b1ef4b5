import { dumpServices, dumpWorkloads, sentPolicies, type Mesh } from '@istio-ambient-policy/shared'
import { formatTable } from '../format/table.js'
import { asSingleMesh, type InputOptions } from '../inputs.js'
import { EXIT_FAILURE, EXIT_OK, type CliIo } from '../io.js'
import { loadOneMesh } from '../loadMesh.js'
import { failsStrictly } from '../notRead.js'
import {
  addInputOptions,
  formatOption,
  PATHS_HELP,
  strictOption,
  type AddCommand,
} from './commandLine.js'
import { toJson } from '../format/json.js'

/** One part of the configuration of ztunnel, as data and as a table. */
interface Listing {
  readonly summary: string
  json(mesh: Mesh): unknown
  table(mesh: Mesh): string
}

interface ListingOptions extends InputOptions {
  readonly format: string
  readonly strict?: boolean
}

const LISTINGS: Readonly<Record<string, Listing>> = {
  policies: {
    summary:
      'authorization policies that istiod sends to ztunnel, including converted PeerAuthentications',
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
    summary: 'workloads with their waypoint, protocol and policies',
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
    summary: 'hosts of Services and ServiceEntries with their waypoint',
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

/** `ztunnel-config`: predicts the configuration of ztunnel. */
export const addZtunnelConfig: AddCommand = (program, io, finish) => {
  const parent = program
    .command('ztunnel-config')
    .description('predict the output of "istioctl ztunnel-config" for the mesh in the files')
  for (const [name, listing] of Object.entries(LISTINGS)) {
    const command = parent
      .command(name)
      .description(listing.summary)
      .argument('[paths...]', PATHS_HELP.oneMesh, ['.'])
      .addOption(formatOption(['table', 'json']))
      .addOption(strictOption())
    addInputOptions(command).action(async (paths: string[], options: ListingOptions) => {
      finish(await ztunnelConfig(io, paths, listing, options))
    })
  }
}

async function ztunnelConfig(
  io: CliIo,
  paths: readonly string[],
  listing: Listing,
  options: ListingOptions,
): Promise<number> {
  const { format } = options
  const { analysis, incomplete, notRead } = await loadOneMesh(io, asSingleMesh(io, paths, options))
  io.out(
    format === 'json'
      ? `${toJson(listing.json(analysis.mesh), 2)}\n`
      : listing.table(analysis.mesh),
  )
  return failsStrictly(io, options, notRead) || incomplete ? EXIT_FAILURE : EXIT_OK
}
