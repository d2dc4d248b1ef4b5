// Runs one stage of fuzzing in its own thread. Shared memory has the number of the current case, so that the main
// thread notices a hang.
import { parentPort, workerData } from 'node:worker_threads'
import { STAGES, caseOf, problemOf, readCorpus, smallest } from './stages.mjs'

const { stage: name, seed, from, wanted, only, folders, shared } = workerData
const stage = STAGES[name]
const corpus = readCorpus(folders)
const at = new Int32Array(shared)

let units = 0
for (let number = only ?? from; only === undefined ? units < wanted : number === only; number++) {
  Atomics.store(at, 0, number)
  const given = caseOf(stage, { seed, number, corpus, wanted })
  const problem = await problemOf(stage, given, (count) => Atomics.store(at, 1, units + count))
  units += given.units
  Atomics.store(at, 1, units)
  if (problem === undefined) continue
  parentPort.postMessage({
    number,
    problem,
    text: stage.show(await smallest(stage, given, problem)),
  })
}
parentPort.postMessage({ units, documents: corpus.documents.length })
