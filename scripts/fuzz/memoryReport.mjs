// Loaded before a server: at a signal, it collects garbage and writes the used memory to a file.
import { renameSync, writeFileSync } from 'node:fs'
import { getHeapCodeStatistics } from 'node:v8'

process.on('SIGUSR2', () => {
  globalThis.gc()
  globalThis.gc()
  const { bytecode_and_metadata_size: bytecode, code_and_metadata_size: machineCode } =
    getHeapCodeStatistics()
  const file = process.env.MEMORY_REPORT
  const report = { ...process.memoryUsage(), code: bytecode + machineCode }
  writeFileSync(`${file}.part`, JSON.stringify(report))
  renameSync(`${file}.part`, file)
})
