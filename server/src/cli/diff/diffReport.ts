import {
  targetInWords,
  compareAccessSteps,
  renamedAccounts,
  type AccessChange,
  type AccessComparison,
  type AccessRequest,
  type ChangeKind,
  type RenamedAccount,
  type RequestTarget,
  type Verdict,
} from '@istio-ambient-policy/shared'
import { reasonOf, type ReportedReason } from '../access/reason.js'
import type { CliIo } from '../io.js'
import { inSteps } from '../steps.js'
import type { MeshPair, Sides } from './sides.js'

/** The JSON output of `diff`. */
export interface DiffReport {
  readonly changes: readonly ReportedChange[]
  /** Another proxy or policy decides these requests, with the same verdict. Only with `--moved`. */
  readonly moved?: readonly ReportedMove[]
  readonly destinations: {
    readonly same: number
    readonly added: readonly ReportedTarget[]
    readonly removed: readonly ReportedTarget[]
  }
  readonly renamed: readonly RenamedAccount[]
  readonly notComparable: readonly { readonly what: string; readonly reason: string }[]
  readonly assumptions: readonly string[]
}

/** A destination. `mesh` is the folder of its mesh if there are several. */
type ReportedTarget = RequestTarget & { readonly mesh?: string }

export interface ReportedMove {
  /** The folder of the mesh if there are several. */
  readonly mesh?: string
  readonly target: RequestTarget
  readonly clients: readonly string[]
  readonly requests: Readonly<Record<string, readonly string[]>>
  readonly witness: AccessRequest
  readonly before: Verdict
  readonly after: Verdict
  readonly because: { readonly before: ReportedReason; readonly after: ReportedReason }
}

export interface ReportedChange extends ReportedMove {
  readonly kind: ChangeKind
}

/** The comparison of each pair of meshes. */
export interface ComparedPair {
  readonly pair: MeshPair
  readonly comparison: AccessComparison
}

export async function comparePairs(io: CliIo, { pairs }: Sides): Promise<ComparedPair[]> {
  const compared: ComparedPair[] = []
  for (const pair of pairs)
    compared.push({
      pair,
      comparison: await inSteps(io, compareAccessSteps(pair.before.mesh, pair.after.mesh)),
    })
  return compared
}

/** Every change with its pair, in the order of the report. */
export function allChanges(
  compared: readonly ComparedPair[],
): { readonly compared: ComparedPair; readonly change: AccessChange }[] {
  return compared.flatMap((each) =>
    each.comparison.changes.map((change) => ({ compared: each, change })),
  )
}

export function diffReport(
  sides: Sides,
  compared: readonly ComparedPair[],
  { moved }: { readonly moved: boolean },
): DiffReport {
  const targets = (
    of: (comparison: AccessComparison) => readonly RequestTarget[],
  ): ReportedTarget[] =>
    compared.flatMap(({ pair, comparison }) =>
      of(comparison).map((target) => ({ ...inMesh(pair), ...target })),
    )
  return {
    changes: allChanges(compared).map(({ compared: { pair }, change }) => ({
      ...inMesh(pair),
      target: change.target,
      kind: change.kind,
      ...reported(sides, pair, change),
    })),
    ...(moved
      ? {
          moved: compared.flatMap(({ pair, comparison }) =>
            comparison.moved.map((each) => ({
              ...inMesh(pair),
              target: each.target,
              ...reported(sides, pair, each),
            })),
          ),
        }
      : {}),
    destinations: {
      same: compared.reduce((sum, { comparison }) => sum + comparison.same, 0),
      added: targets(({ added }) => added),
      removed: targets(({ removed }) => removed),
    },
    renamed: compared.flatMap(({ pair }) => renamedAccounts(pair.before.mesh, pair.after.mesh)),
    notComparable: [
      ...compared.flatMap(({ comparison }) =>
        comparison.notCompared.map(({ target, reason }) => ({
          what: targetInWords(target),
          reason,
        })),
      ),
      ...unread(sides),
    ],
    assumptions: [...new Set(compared.flatMap(({ comparison }) => comparison.assumptions))],
  }
}

function inMesh({ folder }: MeshPair): { readonly mesh?: string } {
  return folder === undefined ? {} : { mesh: folder }
}

function reported(
  sides: Sides,
  pair: MeshPair,
  { box }: Pick<AccessChange, 'box'>,
): Omit<ReportedMove, 'mesh' | 'target'> {
  const [before, after] = box.outcome
  if (!before || !after) throw new Error('A comparison has two outcomes.')
  return {
    clients: box.clients,
    requests: box.requests,
    witness: box.witness,
    before: before.verdict,
    after: after.verdict,
    because: {
      before: reasonOf(before.decider, pair.before, sides.before.display),
      after: reasonOf(after.decider, pair.after, sides.after.display),
    },
  }
}

/** Templates, which no side can be compared in. */
function unread({ before, after }: Sides): { what: string; reason: string }[] {
  const found = [before, after].flatMap(({ meshes, display }) =>
    [...meshes.values()].flatMap((analysis) =>
      [...analysis.files.values()]
        .filter(({ documents }) => documents.some(({ facts }) => facts.opaqueKind !== undefined))
        .map(({ file }) => display(file)),
    ),
  )
  return [...new Set(found)].map((what) => ({ what, reason: 'templates are not rendered' }))
}
