import { sourceChoices } from '../access/choices.js'
import { clientOf, type Client } from '../access/client.js'
import type { AccessRequest, RequestSource, RequestTarget, Verdict } from '../access/request.js'
import type { Mesh } from '../mesh/mesh.js'
import { getOrInsert } from '../text/collections.js'
import { formatServiceAccount } from '../vocabulary/serviceAccountName.js'
import type { AccessSpace, SpacePart } from './accessSpace.js'
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
  const planner = new Planner([mesh], { extra: questionAtoms({ from: 'outside' }) })
  const clients = clientsOf(mesh).map(({ words, from }) => ({
    words,
    from,
    client: clientOf(mesh, from),
    ways: planner.waysOfClient(from),
  }))
  const vectors = new Map<SpacePart['dimensions'][number], number[]>()
  const columns = targets.map((target): MatrixVerdict[] => {
    const space = spaceOf(planner, target)
    return typeof space === 'string'
      ? clients.map(() => 'unknown')
      : columnOf(space, clients, vectors)
  })
  const rows = new Map<string, MatrixRow & { readonly clients: string[] }>()
  for (const [index, { words, from }] of clients.entries()) {
    const cells = columns.map((column) => column[index] ?? 'unknown')
    getOrInsert(rows, cells.join(), () => ({ clients: [], from, cells })).clients.push(words)
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

/** @param vectors the class of each client in each dimension of clients, as far as known. */
function columnOf(
  { target, parts, outcomes }: AccessSpace,
  clients: readonly MatrixClient[],
  vectors: Map<SpacePart['dimensions'][number], number[]>,
): MatrixVerdict[] {
  const verdicts = outcomes.map(([judgement]) => judgement?.verdict ?? 'undecided')
  const found = clients.map(() => new Set<Verdict>())
  for (const part of parts) {
    const [dimension] = part.dimensions
    if (!dimension) continue
    const { classes } = dimension
    const classOf = getOrInsert(vectors, dimension, () => {
      const numbers = new Map(classes.map(({ vector }, index) => [vector, index]))
      return clients.map(({ from, client, ways }) => {
        if (!part.ways.has(ways)) return -1
        const request: AccessRequest = { from, to: target }
        return numbers.get(vectorOfClient(part.sides, request, [client])) ?? -1
      })
    })
    const size = part.cells.length / classes.length
    for (const [index, number] of classOf.entries()) {
      if (number < 0) continue
      for (let cell = number * size; cell < (number + 1) * size; cell++)
        found[index]?.add(verdicts[part.cells[cell] ?? 0] ?? 'undecided')
    }
  }
  return found.map((set) => {
    const [only = 'unknown', ...others] = set
    return others.length > 0 ? 'partly' : only
  })
}
