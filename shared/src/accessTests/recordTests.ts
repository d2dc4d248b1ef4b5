import { evaluateRequest } from '../access/evaluateRequest.js'
import type { AccessRequest } from '../access/request.js'
import type { Mesh } from '../mesh/mesh.js'
import { accessBoxes, type AccessBox } from '../space/accessBoxes.js'
import { classesOfCell, witnessOf, type AccessSpace } from '../space/accessSpace.js'
import { cellsOf } from '../space/cells.js'
import { judgementOf } from '../space/decider.js'
import { allDestinations } from '../space/destinations.js'
import { Planner } from '../space/plan.js'
import { spaceOf, type NotCompared } from '../space/spaceOf.js'
import { deciders } from './runCase.js'
import { targetText, type WrittenCase } from './formatTestFile.js'

export interface RecordedTests {
  readonly cases: readonly WrittenCase[]
  readonly notCompared: readonly NotCompared[]
}

/** More requests of a case are left out. */
const MOST_REQUESTS = 50

/**
 * One case for the requests to each destination with the same verdict and the same policy that decides. Its requests
 * are a simple one, and those that differ from it in one value that policies read. The mesh must be closed.
 */
export function recordTests(mesh: Mesh): RecordedTests {
  const planner = new Planner([mesh])
  const cases: WrittenCase[] = []
  const notCompared: NotCompared[] = []
  const names = new Set<string>()
  for (const target of mesh.get(allDestinations, '').values()) {
    const space = spaceOf(planner, target)
    if (typeof space === 'string') {
      notCompared.push({ target, reason: space })
      continue
    }
    for (const box of accessBoxes(space, () => true)) {
      const answer = evaluateRequest(mesh, box.witness)
      const { verdict, decider } = judgementOf(answer)
      cases.push({
        name: uniqueName(names, nameOf(box, targetText(target))),
        requests: requestsOf(space, box),
        expect: verdict,
        by:
          verdict !== 'undecided' && decider.policy !== null && deciders(answer).has(decider.policy)
            ? decider.policy
            : undefined,
      })
    }
  }
  return { cases, notCompared }
}

function requestsOf(space: AccessSpace, box: AccessBox): AccessRequest[] {
  const requests = space.parts.flatMap((part, index) => {
    let first: readonly number[] | undefined
    const found: AccessRequest[] = []
    for (let cell = 0; cell < cellsOf(part) && found.length < MOST_REQUESTS; cell++) {
      const classes = classesOfCell(part, cell)
      if (!box.has({ part: index, classes })) continue
      first ??= classes
      const known = first
      if (classes.filter((each, at) => each !== known[at]).length < 2)
        found.push(witnessOf(part, space.target, classes))
    }
    return found
  })
  const distinct = new Map(requests.map((request) => [JSON.stringify(request), request]))
  return [...distinct.values()].slice(0, MOST_REQUESTS)
}

function uniqueName(names: Set<string>, name: string): string {
  let number = 2
  let found = name
  while (names.has(found)) found = `${name} (${number++})`
  names.add(found)
  return found
}

function nameOf({ clients, requests }: AccessBox, target: string): string {
  const what = Object.entries(requests).map(
    ([dimension, words]) => `${dimension} ${words.join(', ')}`,
  )
  return `${clients.join(', ')} → ${target}${what.length > 0 ? `: ${what.join('; ')}` : ''}`
}
