// Loaded before a server. At SIGUSR2, it collects garbage and writes the used memory to a file; at SIGHUP, a snapshot of
// the heap.
import { renameSync, writeFileSync } from 'node:fs'
import { getHeapCodeStatistics, writeHeapSnapshot } from 'node:v8'

const file = process.env.MEMORY_REPORT

process.on('SIGUSR2', () => {
  globalThis.gc()
  globalThis.gc()
  const { bytecode_and_metadata_size: bytecode, code_and_metadata_size: machineCode } =
    getHeapCodeStatistics()
  const report = { ...process.memoryUsage(), code: bytecode + machineCode }
  writeFileSync(`${file}.part`, JSON.stringify(report))
  renameSync(`${file}.part`, file)
})

process.on('SIGHUP', () => {
  renameSync(writeHeapSnapshot(`${file}.part`), file)
})
