import { expect, it } from 'vitest'
import { keys } from '../../inventory/indexKeys.js'
import { qualifiedName } from '../../resources/resource.js'
import { analyse, type Files } from '../../testing/index.js'
import { readVectors } from '../../testing/fixtureFiles.js'
import { directAccess } from './directAccess.js'
import { waypointVerdicts } from '../support/waypointVerdicts.js'

interface Hop {
  readonly point: string
  readonly name: string
  readonly identity: string | null
  readonly port: number
  readonly verdict: string
  /** The policies that denied the request. */
  readonly policies?: readonly string[]
}
interface World {
  readonly name: string
  readonly trustDomain: string
  readonly files: Files
  readonly requests: readonly { readonly id: string; readonly hops: readonly Hop[] }[]
}

/** The verdicts of Istio's own control plane and ztunnel, with those that the rules predict. */
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
        const found = mesh
          .get(waypointVerdicts, workload)
          .find(
            ({ path, port }) => qualifiedName(path.gateway) === first.name && port === last.port,
          )
        return found
          ? [
              {
                request: `${name} ${id}`,
                way: 'waypoint',
                actual: last.verdict,
                predicted: found.verdict,
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
            actual: last.verdict,
            predicted: access.plaintext ? 'allow' : 'deny',
          },
        ]
      // A DENY policy can still deny single identities.
      return access.anyIdentity && (last.policies ?? []).length === 0
        ? [{ request: `${name} ${id}`, way: 'direct', actual: last.verdict, predicted: 'allow' }]
        : []
    })
  },
)

it('predicts the verdicts of ztunnel on traffic through waypoints', () => {
  const compared = outcomes.filter(
    ({ way, predicted }) => way === 'waypoint' && predicted !== 'unknown',
  )
  expect(compared.length).toBeGreaterThan(200)
  expect(new Set(compared.map(({ predicted }) => predicted))).toEqual(new Set(['allow', 'deny']))
  expect(compared.filter(({ actual, predicted }) => actual !== predicted)).toEqual([])
})

it('predicts the verdicts of ztunnel on direct traffic', () => {
  const compared = outcomes.filter(({ way }) => way !== 'waypoint')
  expect(compared.length).toBeGreaterThan(100)
  expect(compared.filter(({ actual, predicted }) => actual !== predicted)).toEqual([])
})
