import type { Workload } from '../../inventory/workloads.js'
import type { KnownCertainty, Evidence } from '../../mesh/certainty.js'
import type { Gateway } from '../../resources/gateway.js'
import type { WaypointPath } from './waypointPaths.js'

/** A workload, a port and a way to it on which a policy goes wrong, with the rule that does it. */
export interface Hit {
  readonly workload: Workload
  readonly path: WaypointPath
  readonly port: number
  /** Index in `spec.rules`. */
  readonly rule: number
  /** What it rests on beside the path. */
  readonly certainties: readonly KnownCertainty[]
}

/** What one finding speaks of: all hits of one waypoint that are equally sure. */
interface HitGroup {
  readonly gateway: Gateway
  readonly serviceAccount: string
  readonly workloads: readonly Workload[]
  /** The ports, where others of the same ways are not hit. */
  readonly someOf: readonly number[] | undefined
  /** Indexes of the rules, ascending. */
  readonly rules: readonly [number, ...number[]]
  readonly certainties: readonly KnownCertainty[]
  readonly evidence: readonly Evidence[]
}

/** One group for each waypoint. Where some hits are certain, it is made of those alone. */
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
      someOf: whole ? undefined : ports,
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

/** ` to port 8080`, ` to ports 8080 and 9090`; nothing for undefined. */
export function toPorts(ports: readonly number[] | undefined): string {
  if (!ports) return ''
  return ports.length === 1 ? ` to port ${String(ports[0])}` : ` to ports ${ports.join(', ')}`
}
