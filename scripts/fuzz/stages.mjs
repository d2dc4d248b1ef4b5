import { randomOf } from '../generate/random.mjs'
import { edits } from './edits.mjs'
import { inputs } from './inputs.mjs'
import { names } from './names.mjs'
import { patterns } from './patterns.mjs'
import { requests } from './requests.mjs'
import { settings } from './settings.mjs'
import { shrink } from './shrink.mjs'
import { classes, spaces } from './spaces.mjs'

export { readCorpus } from './corpus.mjs'

export const STAGES = { inputs, edits, requests, settings, patterns, names, classes, spaces }

/** One case of a stage. The same seed and number give the same case. */
export function caseOf(stage, { seed, number, corpus }) {
  return stage.draw(
    randomOf(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b)),
    corpus,
  )
}

/** Why a case fails; undefined if it passes. */
export async function problemOf(stage, given) {
  try {
    return await stage.check(given)
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error)
  }
}

/** The smallest case with the same problem. Problems are the same if their first lines are equal without numbers. */
export async function smallest(stage, given, problem) {
  const reason = reasonOf(problem)
  const parts = await shrink(
    given.parts,
    async (shorter) => reasonOf(await problemOf(stage, { ...given, parts: shorter })) === reason,
    stage.shrinkBudget,
  )
  return { ...given, parts }
}

function reasonOf(problem) {
  return problem
    ?.split('\n')[0]
    .replace(/\d+/g, '0')
    .replace(/\S+\.(yaml|yml|json)/g, 'FILE')
}
