import type { AccessRequest, Verdict } from '../access/request.js'
import type { Mesh } from '../mesh/mesh.js'
import { withoutPause } from '../text/steps.js'
import { compareAccessSteps } from '../space/compareAccess.js'
import { allDestinations } from '../space/destinations.js'
import { MOST_COMPARISONS_IN_EDITOR } from '../space/limits.js'
import { mutationsOf, type Mutation } from './mutations.js'
import { runTests } from './runTests.js'
import type { AccessTest } from './testFile.js'

export interface Mutant extends Mutation {
  /**
   * `no effect`: no verdict changes at a port that the files declare. `noticed`: a test that passes fails without this
   * part. `survivor`: verdicts change, and no test fails.
   */
  readonly result: 'no effect' | 'noticed' | 'survivor'
  /** A request whose verdict changes. */
  readonly change:
    | { readonly request: AccessRequest; readonly before: Verdict; readonly after: Verdict }
    | undefined
}

export interface MutantReport {
  readonly mutants: readonly Mutant[]
  /** How many more parts there are: not removed, or with destinations that are not compared. */
  readonly notTried: number
}

/** More parts of objects are not removed. */
const MOST_MUTANTS = 2_000

/** Removes each part of the policies in turn, and runs the tests without it. The mesh must be closed. */
export function findMutants(mesh: Mesh, tests: readonly AccessTest[]): MutantReport {
  return withoutPause(mutantSteps(mesh, tests))
}

/** The same in steps, one for each part. The mesh must not change between them. */
export function* mutantSteps(
  mesh: Mesh,
  tests: readonly AccessTest[],
): Generator<void, MutantReport, undefined> {
  const mutations = [...mutationsOf(mesh)]
  const passing = runTests(mesh, tests)
    .filter(({ status }) => status === 'passed')
    .map(({ test }) => test)
  const changing = mesh.fork({ removed: [], added: [] })
  const mutants: Mutant[] = []
  for (const mutation of mutations.slice(0, MOST_MUTANTS)) {
    yield
    const { resource, mutated } = mutation
    const added = mutated ? [mutated] : []
    changing.apply({ removed: [resource], added }, allDestinations)
    const result = resultOf(mesh, changing, passing)
    if (result) mutants.push({ ...mutation, ...result })
    changing.apply({ removed: added, added: [resource] }, allDestinations)
  }
  return { mutants, notTried: mutations.length - mutants.length }
}

/** Undefined where a destination is not compared, so that an effect can be missed. */
function resultOf(
  before: Mesh,
  after: Mesh,
  passing: readonly AccessTest[],
): Pick<Mutant, 'result' | 'change'> | undefined {
  // A test can also name a port that the files do not declare.
  const isNoticed = runTests(after, passing).some(({ status }) => status !== 'passed')
  const { changes, notCompared } = withoutPause(
    compareAccessSteps(before, after, MOST_COMPARISONS_IN_EDITOR),
  )
  const [change] = changes
  if (!isNoticed && !change && notCompared.length > 0) return undefined
  const [was, is] = change?.box.outcome ?? []
  return {
    result: isNoticed ? 'noticed' : change ? 'survivor' : 'no effect',
    change:
      change && was && is
        ? { request: change.box.witness, before: was.verdict, after: is.verdict }
        : undefined,
  }
}
