import { alternativesOf } from '../mesh/alternatives.js'
import { filledInMeshes } from '../mesh/filledIn/filledInMeshes.js'
import type { Mesh } from '../mesh/mesh.js'
import type { MeshQuery } from '../mesh/meshQuery.js'
import type { AccessAnswer, AccessRequest } from './request.js'

type Answering = MeshQuery<AccessRequest, AccessAnswer>

/** One answer for each variant of the mesh; none if the files have no conflicting definitions. */
export function answersOfVariants(
  mesh: Mesh,
  request: AccessRequest,
  answerOf: Answering,
): readonly AccessAnswer[] {
  const alternatives = alternativesOf(mesh)
  const { mostChoices } = alternatives
  const answers: AccessAnswer[] = []
  for (let choice = 0, choices = alternatives.none ? 0 : 1; choice < choices; choice++) {
    const world = alternatives.mesh({ number: choice, fixed: new Map() })
    answers.push(world.get(answerOf, request))
    if (choices === mostChoices) continue
    for (const key of world.keysOf(answerOf, request))
      for (const dispute of alternatives.touches(key))
        choices = Math.max(choices, dispute.choices.length)
  }
  return answers
}

/**
 * The answers that are possible with the values that another tool fills in; none if no such value is in a policy that
 * the answer depends on.
 */
export function answersOfFilledIn(
  mesh: Mesh,
  request: AccessRequest,
  answerOf: Answering,
): readonly AccessAnswer[] {
  const { meshes, keys } = filledInMeshes(mesh)
  const [first, ...others] = meshes
  if (!first) return []
  const answer = first.get(answerOf, request)
  const isTouched = [...first.keysOf(answerOf, request)].some((key) => keys.has(key))
  return isTouched ? [answer, ...others.map((other) => other.get(answerOf, request))] : []
}
