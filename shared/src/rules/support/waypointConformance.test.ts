import { expect, it } from 'vitest'
import { keys } from '../../inventory/indexKeys.js'
import { qualifiedName } from '../../resources/resource.js'
import { analyse, type Files } from '../../testing/index.js'
import { readVectors } from '../../testing/fixtureFiles.js'
import { directAccess } from './directAccess.js'
import { waypointArrivals } from './waypointArrivals.js'

interface Hop {
  readonly point: string
  readonly name: string
  readonly identity: string | null
  readonly port: number
  readonly verdict: string
  /** The policies that refuse by name. */
  readonly policies?: readonly string[]
}
interface World {
  readonly name: string
  readonly trustDomain: string
  readonly files: Files
  readonly requests: readonly { readonly id: string; readonly hops: readonly Hop[] }[]
}

/** What Istio's own control plane and ztunnel decided, against what the rules believe. */
const outcomes = readVectors<World>('mesh-worlds').flatMap(
  ({ name, trustDomain, files, requests }) => {
    const { mesh } = analyse(files, { settings: { trustDomain }, world: 'closed' })
    return requests.flatMap(({ id, hops }) => {
      const [first, last] = [hops[0], hops[hops.length - 1]]
      if (!first || last?.point !== 'ztunnel') return []
      const workload = mesh
        .workloadsAt(keys.workloads(last.name.split('/')[0] ?? ''))
        .find((candidate) => qualifiedName(candidate) === last.name)
      if (!workload) return []
      if (first.point === 'waypoint') {
        const arrival = mesh
          .get(waypointArrivals, workload)
          .find(
            ({ path, port }) => qualifiedName(path.gateway) === first.name && port === last.port,
          )
        return arrival
          ? [
              {
                request: `${name} ${id}`,
                way: 'waypoint',
                really: last.verdict,
                believed: arrival.verdict,
              },
            ]
          : []
      }
      const access = mesh.get(directAccess, workload).find(({ port }) => port === last.port)
      if (!access) return []
      if (last.identity === null)
        return [
          {
            request: `${name} ${id}`,
            way: 'plaintext',
            really: last.verdict,
            believed: access.plaintext ? 'allow' : 'deny',
          },
        ]
      // Everybody means whoever no DENY policy names.
      return access.everybody && (last.policies ?? []).length === 0
        ? [{ request: `${name} ${id}`, way: 'direct', really: last.verdict, believed: 'allow' }]
        : []
    })
  },
)

it('judges what comes through waypoints as ztunnel does', () => {
  const judged = outcomes.filter(
    ({ way, believed }) => way === 'waypoint' && believed !== 'unknown',
  )
  expect(judged.length).toBeGreaterThan(200)
  expect(new Set(judged.map(({ believed }) => believed))).toEqual(new Set(['allow', 'deny']))
  expect(judged.filter(({ really, believed }) => really !== believed)).toEqual([])
})

it('judges what comes directly as ztunnel does', () => {
  const judged = outcomes.filter(({ way }) => way !== 'waypoint')
  expect(judged.length).toBeGreaterThan(100)
  expect(judged.filter(({ really, believed }) => really !== believed)).toEqual([])
})
