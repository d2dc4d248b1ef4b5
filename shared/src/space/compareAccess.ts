import type { AccessRequest, RequestTarget, Verdict } from '../access/request.js'
import type { Mesh } from '../mesh/mesh.js'
import { accessBoxes, type AccessBox } from './accessBoxes.js'
import { cellsOf, judgeCells, MOST_CELLS, type AccessSpace } from './accessSpace.js'
import { cellOf, type RequestCell } from './classOf.js'
import { allDestinations, destinationKey } from './destinations.js'
import { Planner } from './plan.js'

/** `gained`: deny → allow. `lost`: allow → deny. `undecided`: every other difference. */
export type ChangeKind = 'gained' | 'lost' | 'undecided'

export function changeKind(before: Verdict, after: Verdict): ChangeKind | undefined {
  if (before === after) return undefined
  if (before === 'deny' && after === 'allow') return 'gained'
  return before === 'allow' && after === 'deny' ? 'lost' : 'undecided'
}

/** Requests to one destination whose verdict changes in the same way. */
export interface AccessChange {
  readonly target: RequestTarget
  readonly kind: ChangeKind
  readonly box: AccessBox
}

/** A destination that cannot be compared as a whole. */
export interface NotCompared {
  readonly target: RequestTarget
  readonly reason: string
}

export interface AccessComparison {
  readonly changes: readonly AccessChange[]
  /** Requests that another proxy or policy decides, with the same verdict. */
  readonly moved: readonly Omit<AccessChange, 'kind'>[]
  readonly added: readonly RequestTarget[]
  readonly removed: readonly RequestTarget[]
  /** How many destinations of both sides have no change. */
  readonly same: number
  readonly notCompared: readonly NotCompared[]
  readonly assumptions: readonly string[]
  /** The change to which a request belongs. */
  changeOf(request: AccessRequest): AccessChange | undefined
}

/** Compares the verdicts of all requests in a mesh before and after a change. Both meshes must be closed. */
export function compareAccess(before: Mesh, after: Mesh): AccessComparison {
  const [old, current] = [before, after].map((mesh) => mesh.get(allDestinations, ''))
  if (!old || !current) throw new Error('There are two meshes.')
  const planner = new Planner([before, after])
  const both = [...current].filter(([key]) => old.has(key))
  const spaces = new Map<string, AccessSpace>()
  const notCompared: NotCompared[] = []
  for (const [key, target] of both) {
    const space = spaceOf(planner, target)
    if (typeof space === 'string') notCompared.push({ target, reason: space })
    else spaces.set(key, space)
  }
  const changes = [...spaces.values()].flatMap(changesIn)
  const changed = new Set(changes.map(({ target }) => destinationKey(target)))
  return {
    changes,
    moved: [...spaces.values()].flatMap(movedIn),
    added: [...current].filter(([key]) => !old.has(key)).map(([, target]) => target),
    removed: [...old].filter(([key]) => !current.has(key)).map(([, target]) => target),
    same: both.length - changed.size - notCompared.length,
    notCompared,
    assumptions: [...new Set([...spaces.values()].flatMap(({ assumptions }) => assumptions))],
    changeOf: (request) => {
      const key = destinationKey(request.to)
      const space = spaces.get(key)
      const cell = space && cellOf(planner, space.parts, request)
      return cell && changes.find((change) => isIn(change, key, cell))
    },
  }
}

function isIn({ target, box }: AccessChange, key: string, cell: RequestCell): boolean {
  return destinationKey(target) === key && box.has(cell)
}

/** The space of a destination, or why it is not built. */
export function spaceOf(planner: Planner, target: RequestTarget): AccessSpace | string {
  const plan = planner.plan(target)
  if (!plan) return 'the destination is not in these files'
  if ('tooMany' in plan) return `the policies have too many combinations of ${plan.tooMany} values`
  const cells = plan.parts.reduce((sum, part) => sum + cellsOf(part), 0)
  if (cells > MOST_CELLS)
    return `the policies tell ${cells} kinds of requests apart, which is more than ${MOST_CELLS}`
  return judgeCells(planner.meshes, target, plan.parts)
}

function changesIn(space: AccessSpace): AccessChange[] {
  const boxes = accessBoxes(space, ([a, b]) => a?.verdict !== b?.verdict)
  return boxes.flatMap((box) => {
    const [a, b] = box.outcome
    const kind = a && b && changeKind(a.verdict, b.verdict)
    return kind ? [{ target: space.target, kind, box }] : []
  })
}

function movedIn(space: AccessSpace): Omit<AccessChange, 'kind'>[] {
  return accessBoxes(
    space,
    ([a, b]) => a?.verdict === b?.verdict && a?.decider.point !== b?.decider.point,
  ).map((box) => ({ target: space.target, box }))
}
