import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { caseOf, problemOf, readCorpus, STAGES } from '../../scripts/fuzz/stages.mjs'

const corpus = readCorpus(
  ['meshes', 'quiet', 'showcase'].map((name) =>
    fileURLToPath(new URL(`../../test-fixtures/${name}`, import.meta.url)),
  ),
)

// A small part of `npm run fuzz`, with another seed.
it.each([
  ['inputs', 200],
  ['edits', 20],
  ['requests', 10],
  ['settings', 200],
  ['patterns', 300],
  ['names', 60],
  ['files', 200],
  ['logs', 300],
  ['dumps', 300],
  ['accessTests', 150],
  ['messages', 60],
  ['classes', 25],
  ['spaces', 5],
] as const)('random %s cause no crash and no difference', async (name, cases) => {
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
