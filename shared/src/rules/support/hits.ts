import type { Workload } from '../../inventory/workloads.js'
import type { KnownCertainty, Evidence } from '../../mesh/certainty.js'
import type { Gateway } from '../../resources/gateway.js'
import type { WaypointPath } from './waypointPaths.js'
import { listed } from './words.js'

/** A port of a workload at which a policy rule has a wrong effect on traffic from a waypoint. */
export interface Hit {
  readonly workload: Workload
  readonly path: WaypointPath
  readonly port: number
  /** Index in `spec.rules`. */
  readonly rule: number
  /** How other facts than the path are known. */
  readonly certainties: readonly KnownCertainty[]
}

/**
 * The hits of one finding: all hits of one waypoint, either the certain ones or the assumed ones.
 */
interface HitGroup {
  readonly gateway: Gateway
  readonly serviceAccount: string
  readonly workloads: readonly Workload[]
  /** The affected ports; undefined if all ports of the paths are affected. */
  readonly onlyPorts: readonly number[] | undefined
  /** Indexes of the rules, ascending. */
  readonly rules: readonly [number, ...number[]]
  readonly certainties: readonly KnownCertainty[]
  readonly evidence: readonly Evidence[]
}

/** Groups hits by waypoint. A group has only the certain hits if there are any. */
export function groupByWaypoint(hits: readonly Hit[]): HitGroup[] {
  return [...new Set(hits.map(({ path }) => path.gateway))].flatMap((gateway) => {
    const own = hits.filter(({ path }) => path.gateway === gateway)
    const certain = own.filter((hit) =>
      certaintiesOf(hit).every(({ level }) => level === 'certain'),
    )
    return groupOf(gateway, certain.length > 0 ? certain : own)
  })
}

function certaintiesOf({ path, certainties }: Hit): readonly KnownCertainty[] {
  return [...path.certainties, ...certainties]
}

function groupOf(gateway: Gateway, hits: readonly Hit[]): HitGroup[] {
  const [first, ...others] = [...new Set(hits.map(({ rule }) => rule))].sort((a, b) => a - b)
  const [{ path: { serviceAccount } } = { path: { serviceAccount: '' } }] = hits
  if (first === undefined) return []
  const ports = [...new Set(hits.map(({ port }) => port))].sort((a, b) => a - b)
  const whole = new Set(hits.flatMap(({ path }) => path.ports)).size === ports.length
  return [
    {
      gateway,
      serviceAccount,
      workloads: [...new Set(hits.map(({ workload }) => workload))],
      onlyPorts: whole ? undefined : ports,
      rules: [first, ...others],
      certainties: hits.flatMap(certaintiesOf),
      evidence: distinct(hits.flatMap(({ path }) => path.evidence)),
    },
  ]
}

function distinct(evidence: readonly Evidence[]): Evidence[] {
  return [
    ...new Map(
      evidence.map((item) => [
        `${item.message}@${item.resource.origin.file}#${String(item.resource.origin.document)}`,
        item,
      ]),
    ).values(),
  ].slice(0, 4)
}

/** ` on port 8080`, ` on ports 8080 and 9090`; empty for undefined. */
export function onPorts(ports: readonly number[] | undefined): string {
  if (!ports) return ''
  return ` on port${ports.length === 1 ? '' : 's'} ${listed(ports.map(String))}`
}
