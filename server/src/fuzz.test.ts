import { fileURLToPath } from 'node:url'
import { runs } from '@istio-ambient-policy/shared/testing'
import { expect, it } from 'vitest'
import { caseOf, problemOf, readCorpus, STAGES } from '../../scripts/fuzz/stages.mjs'

const corpus = readCorpus(
  ['meshes', 'quiet', 'showcase'].map((name) =>
    fileURLToPath(new URL(`../../test-fixtures/${name}`, import.meta.url)),
  ),
)

// A small part of `npm run fuzz`, with another seed.
it.each([
  ['inputs', 50],
  ['edits', 5],
  ['requests', 2],
  ['settings', 50],
  ['patterns', 75],
  ['names', 15],
  ['files', 50],
  ['logs', 75],
  ['dumps', 75],
  ['accessTests', 38],
  ['messages', 15],
  ['classes', 6],
  ['spaces', 2],
] as const)('random %s cause no crash and no difference', async (name, usual) => {
  const cases = runs(usual)
  let units = 0
  for (let number = 0; number < cases; number++) {
    const given = caseOf(STAGES[name], { seed: 20_261_124, number, corpus })
    units += given.units
    const problem = await problemOf(STAGES[name], given)
    if (problem !== undefined)
      throw new Error(`npm run fuzz -- ${name} --seed 20261124 --only ${number}\n${problem}`)
  }
  expect(units).toBeGreaterThanOrEqual(cases)
})
