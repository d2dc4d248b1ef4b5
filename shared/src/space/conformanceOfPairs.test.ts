import { expect, it } from 'vitest'
import { evaluateRequest } from '../access/evaluateRequest.js'
import type { AccessRequest, RequestTarget, Verdict } from '../access/request.js'
import { readVectors } from '../testing/fixtureFiles.js'
import { analyse, type Files } from '../testing/index.js'
import { sampled } from '../testing/runs.js'
import { changeKind, compareAccess } from './compareAccess.js'
import { destinationKey } from './destinations.js'

/** A mesh before and after a change, with the verdicts of the proxies: null where a side has no such destination. */
interface PairVector {
  readonly name: string
  /** Whether the change means nothing. */
  readonly equivalent?: boolean
  readonly before: { readonly files: Files }
  readonly after: { readonly files: Files }
  readonly destinations: {
    readonly added: readonly RequestTarget[]
    readonly removed: readonly RequestTarget[]
    readonly both: number
  }
  readonly requests: readonly {
    readonly request: AccessRequest
    readonly before: Verdict | null
    readonly after: Verdict | null
  }[]
}

const keysOf = (targets: readonly RequestTarget[]): string[] => targets.map(destinationKey).sort()

/** What is wrong with the comparison of a pair. */
function mistakesIn(pair: PairVector): string[] {
  const [before, after] = [pair.before, pair.after].map(
    ({ files }) => analyse(files, { world: 'closed' }).mesh,
  )
  if (!before || !after) throw new Error('A pair has two sides.')
  const comparison = compareAccess(before, after)
  const { changes } = comparison
  expect(keysOf(comparison.added)).toEqual(keysOf(pair.destinations.added))
  expect(keysOf(comparison.removed)).toEqual(keysOf(pair.destinations.removed))
  expect(comparison.same).toBe(
    pair.destinations.both - new Set(changes.map(({ target }) => destinationKey(target))).size,
  )
  expect(comparison.notCompared).toEqual([])
  if (pair.equivalent === true) expect(changes).toEqual([])
  const requests = pair.requests.flatMap(({ request, ...reality }) => {
    const kind =
      reality.before && reality.after ? changeKind(reality.before, reality.after) : undefined
    const found = comparison.changeOf(request)
    const isRight =
      found?.kind === kind &&
      (!found || destinationKey(found.target) === destinationKey(request.to))
    return isRight ? [] : [`${JSON.stringify(request)} is ${found?.kind}, not ${kind}`]
  })
  const examples = changes.flatMap((change) => {
    const { witness, outcome } = change.box
    const verdicts = [before, after].map((mesh) => evaluateRequest(mesh, witness).verdict)
    const isRight =
      comparison.changeOf(witness) === change &&
      outcome.every(({ verdict }, side) => verdict === verdicts[side])
    return isRight ? [] : [`${JSON.stringify(witness)} is no example of its change`]
  })
  return [...requests, ...examples]
}

/** One pair has 45 000 combinations of classes. A busy machine takes long for it. */
const SLOWEST_PAIR_MS = 120_000
const PAIRS = readVectors<PairVector>('diff')

it('there are 120 pairs', () => {
  expect(PAIRS).toHaveLength(120)
})

it.each(sampled(PAIRS, 10))(
  'the comparison has exactly the changes that the proxies show: $name',
  (pair) => {
    expect(mistakesIn(pair)).toEqual([])
  },
  SLOWEST_PAIR_MS,
)
