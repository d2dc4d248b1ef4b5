// One variant of the benchmark in a process of its own: node variants.cjs <variant> <folder> [argument]. Prints one line of JSON.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
// The build that Node takes, as a server without a bundler's alias would.
import { parseAllDocuments } from '../../node_modules/yaml/dist/index.js'
import { Analysis } from '../../shared/src/index.ts'

const [variant, folder, argument] = process.argv.slice(2)
const paths = readdirSync(folder, { recursive: true }).filter((path) => /\.ya?ml$/.test(path)).sort()
const read = (path) => readFileSync(`${folder}/${path}`, 'utf8')

function timed(work) {
  const cpu = process.cpuUsage()
  const start = performance.now()
  const result = work()
  const { user, system } = process.cpuUsage(cpu)
  return { wall: performance.now() - start, cpu: (user + system) / 1_000, result }
}

const VARIANTS = {
  floor: () => timed(() => paths.reduce((bytes, path) => bytes + readFileSync(`${folder}/${path}`).length, 0)),
  yaml: () => timed(() => paths.reduce((count, path) => count + parseAllDocuments(read(path), { logLevel: 'silent' }).length, 0)),
  index,
  keystroke,
}

function newAnalysis(texts) {
  return new Analysis({ settings: {}, world: 'open', levels: {}, readText: (file) => texts?.get(file) ?? read(file) })
}

function index() {
  globalThis.gc()
  const before = process.memoryUsage()
  let reading = 0
  const { wall, cpu, result } = timed(() => {
    const analysis = newAnalysis()
    reading = timed(() => analysis.update(paths.map((file) => ({ file, text: read(file) })))).wall
    return { analysis, findings: findingsOf(analysis, paths) }
  })
  globalThis.gc()
  const after = process.memoryUsage()
  const { analysis, findings } = result
  const documents = [...analysis.files.values()].reduce((count, file) => count + file.documents.length, 0)
  const heap = after.heapUsed + after.external - before.heapUsed - before.external
  return { wall, cpu, reading, judging: wall - reading, documents, resources: resourcesOf(analysis), findings: findings.length, digest: digestOf(findings), heapPerDocument: heap / documents }
}

function keystroke() {
  const wanted = Number(argument)
  const texts = new Map(paths.map((path) => [path, read(path)]))
  const analysis = newAnalysis(texts)
  analysis.update(paths.map((file) => ({ file, text: texts.get(file) })))
  findingsOf(analysis, paths)
  const file = nearest(analysis, { wanted, texts })
  analysis.update([{ file, text: texts.get(file), open: true }])
  const edits = {}
  for (const [name, pattern] of Object.entries(EDITS)) edits[name] = type(analysis, { file, texts, edit: { pattern, typed: TYPED[name] ?? 'x' } })
  const scratch = newAnalysis(texts)
  scratch.update(paths.map((path) => ({ file: path, text: texts.get(path) })))
  if (digestOf(findingsOf(analysis, paths)) !== digestOf(findingsOf(scratch, paths))) throw new Error('The findings after the edits differ from those from scratch.')
  return { documents: analysis.files.get(file).documents.length, resources: resourcesOf(analysis), edits }
}

/** The file whose number of documents is nearest, among those that have what the edits change. */
function nearest(analysis, { wanted, texts }) {
  const fit = [...analysis.files.values()].filter(({ file }) => Object.values(EDITS).every((pattern) => pattern.test(texts.get(file))))
  const distance = (file) => Math.abs(file.documents.length - wanted)
  return fit.reduce((best, file) => (distance(file) < distance(best) ? file : best)).file
}

/** What is typed: a character at the end of the first match, and at the next keystroke away again. */
const EDITS = {
  'principal of a policy': /principals:\r?\n +- cluster\.local\/ns\/team-\d+\/sa\/[a-z]+/,
  'image of a workload': /image: "registry\.example\.com\/[a-z]+/,
  'label of a pod template': /version: v\d/,
  'line that breaks a document': /kind: Deployment\r?\nmetadata:\r?\n {2}name: /,
}
const TYPED = { 'line that breaks a document': '{' }

function type(analysis, { file, texts, edit }) {
  const times = []
  let runs = 0
  let judged = 0
  const original = texts.get(file)
  const changed = original.replace(edit.pattern, (match) => match + edit.typed)
  for (let stroke = 0; stroke < 60; stroke++) {
    const text = stroke % 2 === 0 ? changed : original
    texts.set(file, text)
    const before = analysis.mesh.runs
    const start = performance.now()
    const { files } = analysis.update([{ file, text, open: true }])
    for (const stale of files) analysis.findingsOf(stale)
    times.push(performance.now() - start)
    runs = Math.max(runs, analysis.mesh.runs - before)
    judged = Math.max(judged, files.size)
  }
  return { times: times.slice(10), runs, judged }
}

function resourcesOf(analysis) {
  return [...analysis.files.values()].reduce((count, { documents }) => count + documents.reduce((sum, { facts }) => sum + facts.resources.length, 0), 0)
}

function findingsOf(analysis, files) {
  return files.flatMap((file) => analysis.findingsOf(file).map((finding) => ({ file, finding, range: analysis.locate(finding.place)?.range })))
}

function digestOf(findings) {
  const hash = createHash('sha256')
  for (const { file, finding, range } of findings) hash.update(`${file} ${JSON.stringify(range)} ${finding.level} ${finding.rule} ${finding.message} ${finding.assumptions.join()}\n`)
  return hash.digest('hex')
}

console.log(JSON.stringify(VARIANTS[variant]()))
