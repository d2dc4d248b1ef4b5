import { sourceChoices } from '../access/choices.js'
import { clientOf, type Client } from '../access/client.js'
import type { AccessRequest, RequestSource, RequestTarget, Verdict } from '../access/request.js'
import type { Mesh } from '../mesh/mesh.js'
import { getOrInsert } from '../text/collections.js'
import { withoutPause } from '../text/steps.js'
import { formatServiceAccount } from '../vocabulary/serviceAccountName.js'
import { compareText } from '../text/compareText.js'
import { accessBoxes } from './accessBoxes.js'
import type { AccessSpace, Outcome, SpacePart } from './accessSpace.js'
import { vectorOfClient } from './dimension.js'
import { Planner } from './plan.js'
import { questionAtoms } from './question.js'
import { spaceOf } from './spaceOf.js'

/** `partly`: the verdict depends on the request. `unknown`: the destination is not evaluated. */
export type MatrixVerdict = Verdict | 'partly' | 'unknown'

/** Clients that all destinations treat alike. */
export interface MatrixRow {
  /** `shop/web`, `any other account in ambient mode`, `clients outside the mesh`. */
  readonly clients: readonly string[]
  /** One of the clients. */
  readonly from: RequestSource
  /** The verdict at each destination. */
  readonly cells: readonly MatrixVerdict[]
  /** For each destination, how many kinds of requests it tells apart where the verdict depends on the request; else 1. */
  readonly kinds: readonly number[]
}

/** Who can reach what, over all requests. */
export interface AccessMatrix {
  readonly targets: readonly RequestTarget[]
  readonly rows: readonly MatrixRow[]
}

interface MatrixClient {
  readonly words: string
  readonly from: RequestSource
  readonly client: Client
  readonly ways: string
}

/** No object can have this name. */
const OTHER_NAME = '…'

/** The access of every client of the files to some destinations of a closed mesh. */
export function accessMatrix(mesh: Mesh, targets: readonly RequestTarget[]): AccessMatrix {
  return withoutPause(accessMatrixSteps(mesh, targets))
}

/**
 * The same in steps, one for each destination. The mesh must not change between them.
 *
 * @param mostComparisons as for a `Planner`.
 */
export function* accessMatrixSteps(
  mesh: Mesh,
  targets: readonly RequestTarget[],
  mostComparisons?: number,
): Generator<void, AccessMatrix, undefined> {
  const planner = new Planner([mesh], {
    extra: questionAtoms({ from: 'outside' }),
    mostComparisons,
  })
  const clients = clientsOf(mesh).map(({ words, from }) => ({
    words,
    from,
    client: clientOf(mesh, from),
    ways: planner.waysOfClient(from),
  }))
  const vectors = new Map<SpacePart['dimensions'][number], number[]>()
  const columns: (readonly MatrixCell[])[] = []
  for (const target of targets) {
    yield
    const space = spaceOf(planner, target)
    columns.push(
      typeof space === 'string' ? clients.map(() => UNKNOWN) : columnOf(space, clients, vectors),
    )
  }
  const rows = new Map<string, MatrixRow & { readonly clients: string[] }>()
  for (const [index, { words, from }] of clients.entries()) {
    const cells = columns.map((column) => column[index] ?? UNKNOWN)
    const row = getOrInsert(rows, cells.map(({ key }) => key).join(), () => ({
      clients: [],
      from,
      cells: cells.map(({ verdict }) => verdict),
      kinds: cells.map(({ kinds }) => kinds),
    }))
    row.clients.push(words)
  }
  return { targets, rows: [...rows.values()] }
}

function clientsOf(mesh: Mesh): Pick<MatrixClient, 'words' | 'from'>[] {
  return [
    ...mesh.get(sourceChoices, '').map((account) => ({
      words: formatServiceAccount(account),
      from: { namespace: account.namespace, serviceAccount: account.serviceAccount },
    })),
    {
      words: 'any other account in ambient mode',
      from: { namespace: OTHER_NAME, serviceAccount: OTHER_NAME },
    },
    { words: 'clients outside the mesh', from: {} },
  ]
}

/** What one client can do at one destination. */
interface MatrixCell {
  readonly verdict: MatrixVerdict
  readonly kinds: number
  /** Equal for cells with the same verdict for all requests. */
  readonly key: string
}

const UNKNOWN: MatrixCell = { verdict: 'unknown', kinds: 1, key: 'unknown' }

/** The part of a space that a client can use, with the number of its class. */
interface Share {
  readonly part: SpacePart
  readonly number: number
}

/** @param vectors the class of each client in each dimension of clients, as far as known. */
function columnOf(
  space: AccessSpace,
  clients: readonly MatrixClient[],
  vectors: Map<SpacePart['dimensions'][number], number[]>,
): MatrixCell[] {
  const shares = clients.map((): Share[] => [])
  for (const part of space.parts) {
    const [dimension] = part.dimensions
    if (!dimension) continue
    const { classes } = dimension
    const classOf = getOrInsert(vectors, dimension, () => {
      const numbers = new Map(classes.map(({ vector }, index) => [vector, index]))
      return clients.map(({ from, client, ways }) => {
        if (!part.ways.has(ways)) return -1
        const request: AccessRequest = { from, to: space.target }
        return numbers.get(vectorOfClient(part.sides, request, [client])) ?? -1
      })
    })
    for (const [index, number] of classOf.entries())
      if (number >= 0) shares[index]?.push({ part, number })
  }
  const cells = new Map<string, MatrixCell>()
  return shares.map((own) =>
    getOrInsert(
      cells,
      own.map(({ part, number }) => `${space.parts.indexOf(part)} ${number}`).join(),
      () => cellOf(space, own),
    ),
  )
}

/** Clients of one class of each part have one cell. */
function cellOf(space: AccessSpace, shares: readonly Share[]): MatrixCell {
  const parts = shares.flatMap(({ part, number }) => {
    const [client, ...others] = part.dimensions
    const own = client?.classes[number]
    if (!client || !own) return []
    const size = part.cells.length / client.classes.length
    return {
      ...part,
      dimensions: [{ ...client, classes: [own] }, ...others],
      cells: part.cells.slice(number * size, (number + 1) * size),
    }
  })
  const verdictOf = ([judgement]: Outcome): Verdict => judgement?.verdict ?? 'undecided'
  const verdicts = new Set(
    parts.flatMap(({ cells }) =>
      [...new Set(cells)].map((cell) => verdictOf(space.outcomes[cell] ?? [])),
    ),
  )
  const [only, ...others] = verdicts
  if (only === undefined) return UNKNOWN
  if (others.length === 0) return { verdict: only, kinds: 1, key: only }
  const boxes = accessBoxes({ ...space, parts }, () => true)
  const answers = boxes.map(({ outcome, requests }) =>
    JSON.stringify([verdictOf(outcome), requests]),
  )
  return { verdict: 'partly', kinds: boxes.length, key: answers.sort(compareText).join() }
}
