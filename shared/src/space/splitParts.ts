import type { AccessRequest, RequestTarget } from '../access/request.js'
import { getOrInsert } from '../text/collections.js'
import type { Atom, DimensionName } from './atom.js'
import { joinPatches } from './candidate.js'
import { cellsIn } from './cells.js'
import { comparisonsOf } from './limits.js'
import { requestOf, type Dimension, type RequestClass } from './dimension.js'
import type { Form, PartPlan } from './plan.js'
import type { Known } from './policyAtoms.js'

/** The ids of the tests that a request leaves open, if only some of its dimensions are known. */
export type OpenFor = (request: AccessRequest, known: Known['dimensions']) => ReadonlySet<string>

interface Splitting {
  readonly target: RequestTarget
  readonly openFor: OpenFor
  /** The dimension with only some atoms. */
  readonly narrow: (
    name: DimensionName,
    form: Form,
    atoms: readonly Atom[],
  ) => Dimension | undefined
  /** More comparisons are not made to split parts. */
  readonly mostComparisons: number
}

/**
 * Parts with fewer cells, if some parts have more than `mostCells` together. They are split by clients, and then by the
 * largest dimension that rules can exclude: a rule that excludes its class leaves none of its other tests open.
 */
export function splitIfMany(
  parts: readonly PartPlan[],
  mostCells: number,
  splitting: Splitting,
): readonly PartPlan[] {
  if (cellsIn(parts) <= mostCells) return parts
  let left = splitting.mostComparisons
  const limited: Limited = {
    ...splitting,
    isPossible: (comparisons) => {
      left -= comparisons
      return left >= 0
    },
  }
  const byClient = parts.flatMap((part) => split(part, 0, limited))
  if (cellsIn(byClient) <= mostCells) return byClient
  return byClient.flatMap((part) => {
    const sizes = part.dimensions.map(({ name, classes }) => (canSplit(name) ? classes.length : 0))
    const largest = sizes.indexOf(Math.max(...sizes))
    return sizes[largest] ? split(part, largest, limited) : [part]
  })
}

interface Limited extends Splitting {
  /** Whether some more comparisons can be made. */
  readonly isPossible: (comparisons: number) => boolean
}

/** Tokens cannot: a proxy may not verify them. Addresses cannot: not every proxy reads them. */
function canSplit(name: DimensionName): boolean {
  return name === 'method' || name === 'host' || name === 'path' || name.startsWith('header ')
}

/**
 * A part for each group of classes of a dimension that leave the same tests open, without the other tests. If that needs
 * too many comparisons, the part is not split, and its dimensions keep all tests.
 */
function split(
  part: PartPlan,
  axis: number,
  { target, openFor, narrow, isPossible }: Limited,
): readonly PartPlan[] {
  const [client] = part.dimensions
  const along = part.dimensions[axis]
  if (!client || !along) return [part]
  const requests = along.classes.length * (axis === 0 ? 1 : client.classes.length)
  if (!isPossible(requests * part.comparisons)) return [part]
  const known = new Set([client.name, along.name])
  const groups = new Map<string, { classes: RequestClass[]; open: ReadonlySet<string> }>()
  for (const each of along.classes) {
    const open = new Set(
      (axis === 0 ? [each] : client.classes).flatMap(({ witness }) => {
        const patch = joinPatches(joinPatches(part.base, witness), each.witness)
        return [...openFor(requestOf(target, patch), known)]
      }),
    )
    const key = part.dimensions
      .flatMap(({ atoms }) => atoms.map(({ id }) => (open.has(id) ? '1' : '0')))
      .join('')
    getOrInsert(groups, key, () => ({ classes: [], open })).classes.push(each)
  }
  return [...groups.values()].map(({ classes, open }) => ({
    ...part,
    dimensions: part.dimensions.flatMap((dimension, index): Dimension[] => {
      if (index === axis)
        return [{ ...dimension, classes, isPartial: axis > 0 || dimension.isPartial === true }]
      if (index === 0) return [dimension]
      const atoms = dimension.atoms.filter(({ id }) => open.has(id))
      const found = isPossible(comparisonsOf(atoms) * dimension.classes.length)
        ? narrow(dimension.name, part.form, atoms)
        : undefined
      if (!found) return [dimension]
      return found.classes.length > 1 ? [found] : []
    }),
  }))
}
