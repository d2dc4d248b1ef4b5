// Tests mutants one after the other. The main thread ends a worker whose mutant never ends.
import { parentPort, workerData } from 'node:worker_threads'
import { load, runTests } from './suite.mjs'

const loaded = new Map()
const scriptOf = (index) =>
  loaded.get(index) ?? loaded.set(index, load(workerData.scripts[index])).get(index)

parentPort.on('message', async ({ id, order }) => {
  for (const index of order) {
    const failure = await runTests(scriptOf(index), (asked) => asked === id)
    if (failure)
      return parentPort.postMessage({
        id,
        noticedBy: workerData.scripts[index].file,
        message: failure.message.split('\n')[0],
      })
  }
  parentPort.postMessage({ id, noticedBy: undefined })
})
