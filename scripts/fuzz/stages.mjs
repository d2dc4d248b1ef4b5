import { randomOf } from '../generate/random.mjs'
import { accessTests } from './accessTests.mjs'
import { dumps } from './dumps.mjs'
import { edits } from './edits.mjs'
import { files } from './files.mjs'
import { inputs } from './inputs.mjs'
import { logs } from './logs.mjs'
import { messages } from './messages.mjs'
import { names } from './names.mjs'
import { patterns } from './patterns.mjs'
import { requests } from './requests.mjs'
import { settings } from './settings.mjs'
import { shrink } from './shrink.mjs'
import { soak } from './soak.mjs'
import { classes, spaces } from './spaces.mjs'

export { readCorpus } from './corpus.mjs'

export const STAGES = {
  inputs,
  edits,
  requests,
  settings,
  patterns,
  names,
  files,
  logs,
  dumps,
  accessTests,
  messages,
  classes,
  spaces,
  soak,
}

/** One case of a stage. The same seed and number give the same case. */
export function caseOf(stage, { seed, number, corpus, wanted }) {
  return stage.draw(
    randomOf(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b)),
    corpus,
    wanted,
  )
}

/** Why a case fails; undefined if it passes. A long case calls `beat` to show that it does not hang. */
export async function problemOf(stage, given, beat = () => undefined) {
  try {
    return await stage.check(given, beat)
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
