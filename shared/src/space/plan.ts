import { clientOf } from '../access/client.js'
import type { AccessRequest, RequestTarget } from '../access/request.js'
import type { Mesh } from '../mesh/mesh.js'
import { getOrInsert } from '../text/collections.js'
import { distinctAtoms, type Atom, type DimensionName } from './atom.js'
import type { RequestPatch } from './candidate.js'
import { atomsOnWay } from './atomsOnWay.js'
import { atMost, candidatesOf } from './candidates.js'
import { ClientIndex } from './clientIndex.js'
import { clientCandidates } from './clients.js'
import { MOST_CELLS } from './cells.js'
import { comparisonsOf, MOST_COMPARISONS } from './limits.js'
import { classesOf, clientVector, connectionOf, plainVector, type Dimension } from './dimension.js'
import { reachesOf, WAY_OF, WAYS, type ClientKind, type Reach, type Way } from './reach.js'
import type { Known } from './policyAtoms.js'
import type { ReachAtoms } from './reachAtoms.js'
import { splitIfMany, type OpenFor } from './splitParts.js'

/** HTTP requests, plain TCP connections, or both where no proxy tells them apart. */
export type Form = 'http' | 'tcp' | 'any'

/** The dimensions of the requests of some clients. */
export interface PartPlan {
  readonly form: Form
  /** Whether another part has the TCP connections, or the HTTP requests, of the same clients. */
  readonly hasOtherForm: boolean
  /** What all requests have. */
  readonly base: RequestPatch
  /** The ways of the clients, one for each mesh, joined. */
  readonly ways: ReadonlySet<string>
  /** What proxies read of a client, for each mesh. */
  readonly sides: readonly { readonly mesh: Mesh; readonly atoms: readonly Atom[] }[]
  /** The comparisons that one request needs in all meshes. */
  readonly comparisons: number
  /** Those with more than one class; the client is always the first. */
  readonly dimensions: readonly Dimension[]
}

/** The plan of a space. Undefined where a destination is missing in one of the meshes. */
export type Plan =
  | {
      readonly parts: readonly PartPlan[]
      /** Regular expressions of routes. They have no finite classes, so only examples of them are compared. */
      readonly regularExpressions: readonly string[]
    }
  | { readonly tooMany: string }

/** Plans the dimensions of destinations. Keeps the classes of equal atoms. For one snapshot of the meshes. */
export class Planner {
  readonly meshes: readonly Mesh[]
  readonly #extra: readonly Atom[]
  readonly #mostCells: number
  readonly mostComparisons: number
  readonly #index: ClientIndex
  readonly #waysOfClients: readonly string[]
  readonly #trustDomains: readonly string[]
  readonly #dimensions = new Map<string, Dimension | undefined>()
  readonly #clients = new Map<string, Dimension | undefined>()

  /**
   * @param options.extra atoms for the requests to every destination.
   * @param options.mostCells parts with more cells are split.
   * @param options.mostComparisons more comparisons are not made for a dimension, and for the requests to a
   *   destination.
   */
  constructor(
    meshes: readonly Mesh[],
    {
      extra = [],
      mostCells = MOST_CELLS,
      mostComparisons = MOST_COMPARISONS,
    }: {
      readonly extra?: readonly Atom[]
      readonly mostCells?: number
      readonly mostComparisons?: number | undefined
    } = {},
  ) {
    this.meshes = meshes
    this.#extra = extra
    this.#mostCells = mostCells
    this.mostComparisons = mostComparisons
    this.#index = new ClientIndex(meshes)
    this.#trustDomains = [...new Set(meshes.map(({ settings }) => settings.trustDomain))]
    const kinds: readonly (readonly ClientKind[])[] = [
      meshes.map(() => 'ambient'),
      meshes.map(() => 'outside'),
      ...this.#index.kinds,
    ]
    this.#waysOfClients = [...new Set(kinds.map(waysOf))]
  }

  plan(target: RequestTarget): Plan | undefined {
    const sides = this.meshes.map((mesh) => {
      const ways = reachesOf(mesh, target)
      if (!ways) return undefined
      const seen = new Map<Reach, ReachAtoms>()
      return {
        protocol: ways.ambient.protocol,
        atoms: (way: Way): ReachAtoms =>
          getOrInsert(seen, ways[way], () => this.#withExtra(atomsOnWay(mesh, target, { way }))),
        openFor: (way: Way, request: AccessRequest, dimensions: Known['dimensions']) => {
          const connection = connectionOf(request, clientOf(mesh, request.from).identity)
          const known = { connection, dimensions }
          return this.#withExtra(atomsOnWay(mesh, target, { way, known }))
        },
      }
    })
    if (!sides.every((side) => side !== undefined)) return undefined
    const isHttp = sides.every(({ protocol }) => protocol === 'http')
    const groups = new Map<string, { ways: Set<string>; atoms: readonly ReachAtoms[] }>()
    for (const joined of this.#waysOfClients) {
      const atoms = sides.map((side, index) => side.atoms(wayAt(joined, index)))
      const key = JSON.stringify(
        atoms.map((each) => [each.readsHttp, each.atoms.map(({ id }) => id)]),
      )
      getOrInsert(groups, key, () => ({ ways: new Set<string>(), atoms })).ways.add(joined)
    }
    const parts: PartPlan[] = []
    for (const { ways, atoms } of groups.values()) {
      const readsHttp = atoms.some((each) => each.readsHttp)
      const forms: readonly Form[] = !readsHttp ? ['any'] : isHttp ? ['http'] : ['http', 'tcp']
      for (const form of forms) {
        const dimensions = this.#dimensionsOf(target, { ways, form, atoms })
        if (typeof dimensions === 'string') return { tooMany: dimensions }
        if (dimensions.length === 0) continue
        parts.push({
          form,
          hasOtherForm: forms.length > 1,
          base: form === 'http' || isHttp ? { http: {} } : {},
          ways,
          sides: this.#clientSides(atoms),
          comparisons: atoms.reduce((sum, each) => sum + comparisonsOf(each.atoms), 1),
          dimensions,
        })
      }
    }
    const openFor: OpenFor = (request, dimensions) => {
      const ways = this.waysOfClient(request.from)
      return new Set(
        sides
          .flatMap((side, index) => side.openFor(wayAt(ways, index), request, dimensions).atoms)
          .map(({ id }) => id),
      )
    }
    const enough = splitIfMany(parts, this.#mostCells, {
      target,
      openFor,
      narrow: (name, form, atoms) => this.#dimension(target, { name, form, atoms }),
      mostComparisons: this.mostComparisons,
    })
    return { parts: enough, regularExpressions: regularExpressionsIn(enough) }
  }

  #withExtra({ atoms, readsHttp }: ReachAtoms): ReachAtoms {
    return { atoms: [...atoms, ...this.#extra], readsHttp }
  }

  #clientSides(atoms: readonly ReachAtoms[]): PartPlan['sides'] {
    return this.meshes.map((mesh, index) => ({
      mesh,
      atoms: (atoms[index]?.atoms ?? []).filter(({ dimension }) => dimension === 'client'),
    }))
  }

  /** @returns the name of a dimension with too many classes; an empty list if the part has no client. */
  #dimensionsOf(
    target: RequestTarget,
    { ways, form, atoms }: { ways: ReadonlySet<string>; form: Form; atoms: readonly ReachAtoms[] },
  ): readonly Dimension[] | string {
    const client = this.#clientDimension(target, ways, this.#clientSides(atoms))
    if (!client) return 'client'
    if (client.classes.length === 0) return []
    const all = distinctAtoms(atoms.flatMap((each) => each.atoms))
    const names = [...new Set(all.map(({ dimension }) => dimension))].filter(
      (name) => name === 'address' || (name !== 'client' && form !== 'tcp'),
    )
    const others: Dimension[] = []
    for (const name of names.sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b))) {
      const own = all.filter(({ dimension }) => dimension === name)
      const dimension = this.#dimension(target, { name, form, atoms: own })
      if (!dimension) return name
      if (dimension.classes.length > 1) others.push(dimension)
    }
    return [client, ...others]
  }

  #clientDimension(
    target: RequestTarget,
    ways: ReadonlySet<string>,
    sides: PartPlan['sides'],
  ): Dimension | undefined {
    const key = JSON.stringify([[...ways], sides.map(({ atoms }) => atoms.map(({ id }) => id))])
    const make = (): Dimension | undefined => {
      const atoms = sides.flatMap((side) => side.atoms)
      const most = this.#mostCandidates(atoms)
      const candidates = atMost(most, () =>
        clientCandidates(distinctAtoms(atoms), this.#index, this.#trustDomains, most),
      )
      if (!candidates) return undefined
      const here = candidates.filter(({ patch }) => ways.has(this.waysOfClient(patch.from ?? {})))
      return {
        name: 'client',
        atoms,
        classes: classesOf(here, target, (request) => clientVector(sides, request)),
      }
    }
    if (!this.#clients.has(key)) this.#clients.set(key, make())
    return this.#clients.get(key)
  }

  #mostCandidates(atoms: readonly Atom[]): number {
    return this.mostComparisons / Math.max(1, comparisonsOf(atoms))
  }

  /** The parts with only those classes of clients that can differ between the meshes. */
  withOtherClients(parts: readonly PartPlan[]): readonly PartPlan[] {
    return parts.flatMap((part) => {
      const [client, ...others] = part.dimensions
      const classes = client?.classes.filter(({ witness: { from } }) => this.#isOther(from)) ?? []
      return client && classes.length > 0
        ? [{ ...part, dimensions: [{ ...client, classes }, ...others] }]
        : []
    })
  }

  #isOther(from: RequestPatch['from'] = {}): boolean {
    const { namespace, serviceAccount } = from
    if (namespace === undefined || serviceAccount === undefined) return false
    return !this.#index.isSame({ namespace, serviceAccount })
  }

  /** The ways of a client, joined as in a `PartPlan`. */
  waysOfClient({
    namespace,
    serviceAccount,
  }: {
    readonly namespace?: string | undefined
    readonly serviceAccount?: string | undefined
  }): string {
    return waysOf(
      namespace === undefined || serviceAccount === undefined
        ? this.meshes.map(() => 'outside' as const)
        : this.#index.kindsOf({ namespace, serviceAccount }),
    )
  }

  #dimension(
    target: RequestTarget,
    { name, form, atoms }: { name: DimensionName; form: Form; atoms: readonly Atom[] },
  ): Dimension | undefined {
    const key = JSON.stringify([name, form, atoms.map(({ id }) => id)])
    if (this.#dimensions.has(key)) return this.#dimensions.get(key)
    const all = candidatesOf(name, atoms, this.#mostCandidates(atoms))
    const candidates = all?.filter(({ patch }) => form === 'http' || patch.http === undefined)
    const dimension = candidates && {
      name,
      atoms,
      classes: classesOf(
        candidates.map((each) =>
          form === 'http' ? { ...each, patch: { http: {}, ...each.patch } } : each,
        ),
        target,
        (request) => plainVector(atoms, request),
      ),
    }
    this.#dimensions.set(key, dimension)
    return dimension
  }
}

function regularExpressionsIn(parts: readonly PartPlan[]): string[] {
  const constants = parts.flatMap(({ dimensions }) =>
    dimensions.flatMap((dimension) => dimension.atoms.map(({ constant }) => constant)),
  )
  return [...new Set(constants.flatMap((each) => (each.type === 'regex' ? each.expression : [])))]
}

const ORDER: readonly string[] = ['client', 'address', 'token', 'host', 'path', 'method']

function waysOf(kinds: readonly ClientKind[]): string {
  return kinds.map((kind) => WAY_OF[kind]).join(' ')
}

function wayAt(joined: string, index: number): Way {
  const name = joined.split(' ')[index]
  return WAYS.find((way) => way === name) ?? 'ambient'
}
