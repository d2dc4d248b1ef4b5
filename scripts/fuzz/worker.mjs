// One stage of fuzzing in a thread of its own. It tells in shared memory which case it is at, so that its owner sees it hang.
import { parentPort, workerData } from 'node:worker_threads'
import { STAGES, caseOf, complaintOf, readCorpus, smallest } from './stages.mjs'

const { stage: name, seed, from, wanted, only, folders, shared } = workerData
const stage = STAGES[name]
const corpus = readCorpus(folders)
const at = new Int32Array(shared)

let units = 0
for (let number = only ?? from; only === undefined ? units < wanted : number === only; number++) {
  Atomics.store(at, 0, number)
  const given = caseOf(stage, { seed, number, corpus })
  const complaint = await complaintOf(stage, given)
  units += given.units
  Atomics.store(at, 1, units)
  if (complaint === undefined) continue
  parentPort.postMessage({
    number,
    complaint,
    text: stage.show(await smallest(stage, given, complaint)),
  })
}
parentPort.postMessage({ units, documents: corpus.documents.length })
