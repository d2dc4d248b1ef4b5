import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { caseOf, complaintOf, readCorpus, STAGES } from '../../scripts/fuzz/stages.mjs'

const corpus = readCorpus(
  ['meshes', 'quiet', 'showcase'].map((name) =>
    fileURLToPath(new URL(`../../test-fixtures/${name}`, import.meta.url)),
  ),
)

// A slice of `npm run fuzz`, with a seed of its own.
it.each([
  ['inputs', 400],
  ['edits', 40],
  ['requests', 15],
] as const)('survives random %s', async (name, cases) => {
  let units = 0
  for (let number = 0; number < cases; number++) {
    const given = caseOf(STAGES[name], { seed: 20_261_124, number, corpus })
    units += given.units
    const complaint = await complaintOf(STAGES[name], given)
    if (complaint !== undefined)
      throw new Error(`npm run fuzz -- ${name} --seed 20261124 --only ${number}\n${complaint}`)
  }
  expect(units).toBeGreaterThanOrEqual(cases)
})
