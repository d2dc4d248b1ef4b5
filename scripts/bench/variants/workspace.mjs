import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { Analysis } from '../../../shared/src/index.ts'

/** A folder of manifests that can be analysed several times. */
export class Workspace {
  constructor(folder) {
    this.folder = folder
    this.paths = readdirSync(folder, { recursive: true })
      .filter((path) => /\.ya?ml$/.test(path))
      .sort()
  }

  bytes(path) {
    return readFileSync(`${this.folder}/${path}`)
  }

  text(path) {
    return readFileSync(`${this.folder}/${path}`, 'utf8')
  }

  newAnalysis(texts, world = 'open') {
    return new Analysis({
      settings: {},
      world,
      levels: {},
      readText: (file) => texts?.get(file) ?? this.text(file),
    })
  }
}

/** Wall and CPU time of some work in milliseconds. The CPU time includes the threads of the garbage collector. */
export function timed(work) {
  const cpu = process.cpuUsage()
  const start = performance.now()
  const result = work()
  return { ...since(cpu, start), result }
}

export function since(cpu, start) {
  const { user, system } = process.cpuUsage(cpu)
  return { wall: performance.now() - start, cpu: (user + system) / 1_000 }
}

export function heapUsed() {
  globalThis.gc()
  const { heapUsed: heap, external } = process.memoryUsage()
  return heap + external
}

export function documentsOf(analysis) {
  return [...analysis.files.values()].reduce((count, file) => count + file.documents.length, 0)
}

export function resourcesOf(analysis) {
  return [...analysis.files.values()].reduce(
    (count, { documents }) =>
      count + documents.reduce((sum, { facts }) => sum + facts.resources.length, 0),
    0,
  )
}

export function findingsOf(analysis, files) {
  return files.flatMap((file) =>
    analysis
      .findingsOf(file)
      .map((finding) => ({ file, finding, range: analysis.locate(finding.place)?.range })),
  )
}

export function digestOf(findings) {
  const hash = createHash('sha256')
  for (const { file, finding, range } of findings)
    hash.update(
      `${file} ${JSON.stringify(range)} ${finding.level} ${finding.rule} ${finding.message} ${finding.assumptions.join()}\n`,
    )
  return hash.digest('hex')
}
