import {
  allDestinations,
  destinationKey,
  evaluateRequest,
  type AccessRequest,
  type Analysis,
  type Verdict,
} from '@istio-ambient-policy/shared'
import { allChanges, type ComparedPair } from './diffReport.js'

/** One line of `diff --requests`: the verdicts of a request, null on a side without its destination. */
interface RequestChangeLine {
  readonly id: string | null
  /** Index in `changes` of the report; null if the verdict is the same, or one side has no destination. */
  readonly change: number | null
  readonly before: Verdict | null
  readonly after: Verdict | null
}

/** The change to which each request belongs. With several meshes, the first mesh with the destination counts. */
export function requestChanges(
  compared: readonly ComparedPair[],
  requests: readonly AccessRequest[],
): RequestChangeLine[] {
  const changes = allChanges(compared).map(({ change }) => change)
  return requests.map((request) => {
    const found =
      compared.find(({ pair }) => [pair.before, pair.after].some((side) => has(side, request))) ??
      compared[0]
    const before = found ? verdictIn(found.pair.before, request) : null
    const after = found ? verdictIn(found.pair.after, request) : null
    const differs = before !== null && after !== null && before !== after
    const change = differs ? found?.comparison.changeOf(request) : undefined
    return {
      id: request.id ?? null,
      change: change ? changes.indexOf(change) : null,
      before,
      after,
    }
  })
}

function has({ mesh }: Analysis, { to }: AccessRequest): boolean {
  return mesh.get(allDestinations, '').has(destinationKey(to))
}

function verdictIn(analysis: Analysis, request: AccessRequest): Verdict | null {
  return has(analysis, request) ? evaluateRequest(analysis.mesh, request).verdict : null
}
