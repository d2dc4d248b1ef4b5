import { evaluateRequest } from '../access/evaluateRequest.js'
import type { AccessRequest, RequestTarget, Verdict } from '../access/request.js'
import type { Mesh } from '../mesh/mesh.js'
import { withoutPause } from '../text/steps.js'
import { accessBoxes, type AccessBox } from './accessBoxes.js'
import type { AccessSpace } from './accessSpace.js'
import { cellOf, type RequestCell } from './classOf.js'
import { allDestinations, destinationKey } from './destinations.js'
import { Planner } from './plan.js'
import { clientSignature, destinationSignature, hasVariants } from './signature.js'
import { spaceOf, type NotCompared } from './spaceOf.js'

/** `gained`: deny → allow. `lost`: allow → deny. `undecided`: every other difference. */
export type ChangeKind = 'gained' | 'lost' | 'undecided'

/** In the order of a report. */
export const CHANGE_KINDS: readonly ChangeKind[] = ['gained', 'lost', 'undecided']

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

export interface AccessComparison {
  readonly changes: readonly AccessChange[]
  /** Requests that another proxy or policy decides, with the same verdict. */
  readonly moved: readonly Omit<AccessChange, 'kind'>[]
  readonly added: readonly RequestTarget[]
  readonly removed: readonly RequestTarget[]
  /** How many destinations of both sides have no change. */
  readonly same: number
  readonly notCompared: readonly NotCompared[]
  /** The assumptions that influence an example of a change. */
  readonly assumptions: readonly string[]
  /** The change to which a request belongs. */
  changeOf(request: AccessRequest): AccessChange | undefined
}

/** Compares the verdicts of all requests in a mesh before and after a change. Both meshes must be closed. */
export function compareAccess(before: Mesh, after: Mesh): AccessComparison {
  return withoutPause(compareAccessSteps(before, after))
}

/**
 * The same in steps, one for each destination. The meshes must not change between them.
 *
 * @param mostComparisons as for a `Planner`.
 */
export function* compareAccessSteps(
  before: Mesh,
  after: Mesh,
  mostComparisons?: number,
): Generator<void, AccessComparison, undefined> {
  const [old, current] = [before, after].map((mesh) => mesh.get(allDestinations, ''))
  if (!old || !current) throw new Error('There are two meshes.')
  const planner = new Planner([before, after], { mostComparisons })
  const both = [...current].filter(([key]) => old.has(key))
  const spaces = new Map<string, AccessSpace>()
  const notCompared: NotCompared[] = []
  const isSame = sameSignature(before, after)
  for (const [key, target] of both) {
    if (isSame(key)) continue
    yield
    const space = spaceOf(planner, target)
    if (typeof space === 'string') notCompared.push({ target, reason: space })
    else spaces.set(key, space)
  }
  const changes: AccessChange[] = []
  for (const space of spaces.values()) {
    yield
    changes.push(...changesIn(space))
  }
  changes.sort((a, b) => CHANGE_KINDS.indexOf(a.kind) - CHANGE_KINDS.indexOf(b.kind))
  const changed = new Set(changes.map(({ target }) => destinationKey(target)))
  return {
    changes,
    moved: [...spaces.values()].flatMap(movedIn),
    added: [...current].filter(([key]) => !old.has(key)).map(([, target]) => target),
    removed: [...old].filter(([key]) => !current.has(key)).map(([, target]) => target),
    same: both.length - changed.size - notCompared.length,
    notCompared,
    assumptions: [
      ...new Set([
        ...[...spaces.values()].flatMap(({ assumptions }) => assumptions),
        ...changes.flatMap(({ box }) =>
          [before, after].flatMap((mesh) => evaluateRequest(mesh, box.witness).assumptions),
        ),
      ]),
    ],
    changeOf: (request) => {
      const key = destinationKey(request.to)
      const space = spaces.get(key)
      const cell = space && cellOf(planner, space.parts, request)
      return cell && changes.find((change) => isIn(change, key, cell))
    },
  }
}

/** Whether a destination is surely the same on both sides, so that no request needs to be evaluated. */
export function sameSignature(before: Mesh, after: Mesh): (key: string) => boolean {
  return before.get(clientSignature, '') === after.get(clientSignature, '')
    ? sameDestination(before, after)
    : () => false
}

/** Whether only the clients of a destination can differ between both sides. */
export function sameDestination(before: Mesh, after: Mesh): (key: string) => boolean {
  if (hasVariants(before) || hasVariants(after)) return () => false
  return (key) => before.get(destinationSignature, key) === after.get(destinationSignature, key)
}

function isIn({ target, box }: AccessChange, key: string, cell: RequestCell): boolean {
  return destinationKey(target) === key && box.has(cell)
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
    ([a, b]) =>
      a?.verdict === b?.verdict &&
      (a?.decider.point !== b?.decider.point || a?.usesWaypoint !== b?.usesWaypoint),
  ).map((box) => ({ target: space.target, box }))
}
