import { evaluateRequest } from '../access/evaluateRequest.js'
import type { RequestTarget, Verdict } from '../access/request.js'
import type { Mesh } from '../mesh/mesh.js'
import { withoutPause } from '../text/steps.js'
import { accessBoxes, type AccessBox } from './accessBoxes.js'
import type { Judgement } from './decider.js'
import { Planner } from './plan.js'
import { questionAtoms, restrictParts, type Question } from './question.js'
import { spaceOf, type NotCompared } from './spaceOf.js'

/** Requests to one destination that are allowed, or for which the files decide nothing. */
export interface FoundAccess {
  readonly target: RequestTarget
  readonly judgement: Judgement
  readonly box: AccessBox
}

export interface AccessAnswers {
  readonly found: readonly FoundAccess[]
  /** Destinations with more kinds of requests than are evaluated. */
  readonly notCompared: readonly NotCompared[]
  /** The assumptions that influence an example of the answers. */
  readonly assumptions: readonly string[]
}

export interface FindOptions {
  /** Which of them are wanted. */
  readonly isWanted?: (judgement: Judgement) => boolean
  /** Which verdicts are wanted. */
  readonly verdicts?: readonly Verdict[]
  /** As for a `Planner`. */
  readonly mostComparisons?: number | undefined
}

/**
 * All requests of a question that some destinations allow, or that the files do not decide. The mesh must be closed.
 */
export function findAccess(
  mesh: Mesh,
  targets: readonly RequestTarget[],
  question: Question,
  options: FindOptions = {},
): AccessAnswers {
  return withoutPause(findAccessSteps(mesh, targets, question, options))
}

/** The same in steps, one for each destination. The mesh must not change between them. */
export function* findAccessSteps(
  mesh: Mesh,
  targets: readonly RequestTarget[],
  question: Question,
  { isWanted = () => true, verdicts = ['allow', 'undecided'], mostComparisons }: FindOptions = {},
): Generator<void, AccessAnswers, undefined> {
  const planner = new Planner([mesh], { extra: questionAtoms(question), mostComparisons })
  const found: FoundAccess[] = []
  const notCompared: NotCompared[] = []
  const assumptions = new Set<string>()
  for (const target of targets) {
    yield
    const space = spaceOf(planner, target, (parts) => restrictParts(parts, question))
    if (typeof space === 'string') {
      notCompared.push({ target, reason: space })
      continue
    }
    for (const assumption of space.assumptions) assumptions.add(assumption)
    const boxes = accessBoxes(
      space,
      ([judgement]) =>
        judgement !== undefined && verdicts.includes(judgement.verdict) && isWanted(judgement),
    )
    for (const box of boxes) {
      const [judgement] = box.outcome
      if (judgement) found.push({ target, judgement, box })
    }
  }
  for (const { box } of found)
    for (const assumption of evaluateRequest(mesh, box.witness).assumptions)
      assumptions.add(assumption)
  return { found, notCompared, assumptions: [...assumptions] }
}
