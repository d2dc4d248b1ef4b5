// npm run mutate: changes one expression of the evaluator at a time and runs the tests that reach it. Fails if no
// test fails.
//   atoms                 only the families of atoms of the access space, each left out once, with their tests
//   --sample N --seed S   only N mutants, chosen with the seed S
//   --only TEXT           only files whose path contains TEXT
//   --jobs N              number of threads
//   --verbose             print also the mutants that a test notices
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { EQUIVALENT } from './mutate/equivalent.mjs'
import { instrument } from './mutate/mutants.mjs'
import { bundleTests, load, runTests } from './mutate/suite.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const SOURCE = join(ROOT, 'shared/src')
/** The folders of the evaluator and its tests. */
const ROOMS = ['vocabulary', 'mesh', 'ztunnel', 'waypoint', 'access', 'status']
const MESH_FILES = [
  'enrolment',
  'namespaceEnrolment',
  'namespaces',
  'pods',
  'waypoints',
  'waypointBinding',
  'waypointGateway',
  'serviceEntryVisibility',
  'hostAddress',
  'hostResolution',
  'policies',
  'services',
  'canary',
  'settings',
  'gatewayClass',
].map((name) => join(SOURCE, 'mesh', `${name}.ts`))
/** The parsers. The tests of all folders compare the tables with Istio. */
const VOCABULARY_FILES = [
  'attributeFields',
  'whenKeys',
  'principal',
  'serviceAccountName',
  'requestPrincipal',
].map((name) => join(SOURCE, 'vocabulary', `${name}.ts`))
/** The families of atoms: each is left out once. */
const ATOM_FILES = ['reachAtoms', 'clientAtoms', 'routeAtoms', 'tokenAtoms', 'ztunnelAtoms'].map(
  (name) => join(SOURCE, 'space', `${name}.ts`),
)
const ATOM_TESTS = ['atomFamilies', 'atomFamiliesOfRoutes'].map((name) =>
  join(SOURCE, 'space', `${name}.test.ts`),
)
/** A mutant never ends if its tests take this much longer than five times their usual time. */
const TIMEOUT_MILLISECONDS = 20_000

const args = process.argv.slice(2)
const option = (name, fallback) => (args.includes(name) ? args[args.indexOf(name) + 1] : fallback)
const jobs = Number(option('--jobs', '1'))

const onlyAtoms = args.includes('atoms')
const files = (onlyAtoms ? [] : ROOMS).flatMap((room) =>
  readdirSync(join(SOURCE, room), { recursive: true })
    .map((name) => join(SOURCE, room, name))
    .filter((path) => path.endsWith('.ts')),
)
/** Tests that compare the evaluator with itself, or that are about rules. */
const LEFT_OUT = ['quiet.test.ts', 'properties.test.ts']
const testFiles = [...files, ...ATOM_TESTS]
  .filter((path) => path.endsWith('.test.ts') && !LEFT_OUT.some((name) => path.endsWith(name)))
  .sort()
const mutated = [...files, ...ATOM_FILES]
  .filter(
    (path) =>
      !path.endsWith('.test.ts') &&
      (!path.startsWith(join(SOURCE, 'mesh')) || MESH_FILES.includes(path)) &&
      (!path.startsWith(join(SOURCE, 'vocabulary')) || VOCABULARY_FILES.includes(path)),
  )
  .sort()

const mutants = []
const sources = new Map()
for (const path of mutated) {
  const made = instrument(relative(SOURCE, path), readFileSync(path, 'utf8'), mutants.length, {
    onlyElements: ATOM_FILES.includes(path),
  })
  mutants.push(...made.mutants)
  sources.set(path, made.text)
}
const scripts = await bundleTests(testFiles, sources)
const baseline = []
for (const script of scripts) {
  const reached = new Set()
  const begin = performance.now()
  const failure = await runTests(load(script), (id) => (reached.add(id), false))
  if (failure)
    throw new Error(`${relative(ROOT, script.file)} fails without any mutant: ${failure.message}`, {
      cause: failure,
    })
  baseline.push({ reached, time: performance.now() - begin })
}

const chosen = choose(mutants.filter(({ file }) => file.includes(option('--only', ''))))
const survivors = []
const excused = new Set()
let noticed = 0
let endless = 0
let next = 0
await Promise.all(Array.from({ length: jobs }, work))
report()

/** All mutants, or a random sample. */
function choose(all) {
  const size = Number(option('--sample', '0'))
  if (size === 0) return all
  let state = Number(option('--seed', '1')) >>> 0
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
  return all
    .map((mutant) => ({ mutant, at: random() }))
    .sort((a, b) => a.at - b.at)
    .slice(0, size)
    .map(({ mutant }) => mutant)
}

async function work() {
  let worker = start()
  for (let mutant = chosen[next++]; mutant; mutant = chosen[next++]) {
    const order = baseline
      .flatMap(({ reached }, index) => (reached.has(mutant.id) ? [index] : []))
      .sort((a, b) => baseline[a].time - baseline[b].time)
    const answer =
      order.length === 0 ? { noticedBy: undefined } : await ask(worker, mutant.id, order)
    if (answer === 'endless') {
      endless++
      console.log(`never ended: ${describe(mutant)}`)
      void worker.worker.terminate()
      worker = start()
    } else if (answer.noticedBy) {
      noticed++
      if (args.includes('--verbose'))
        console.log(
          `noticed ${describe(mutant)} by ${relative(SOURCE, answer.noticedBy)}: ${answer.message}`,
        )
    } else survived(mutant, order.length > 0)
  }
  void worker.worker.terminate()
}

/** A worker with the callback for its next answer. */
function start() {
  const worker = new Worker(new URL('./mutate/worker.mjs', import.meta.url), {
    workerData: { scripts },
  })
  const state = { worker, answered: () => {} }
  worker.on('message', (answer) => state.answered(answer))
  worker.on('error', (error) => state.answered({ noticedBy: 'worker', message: String(error) }))
  return state
}

function ask(state, id, order) {
  const expected = order.reduce((sum, index) => sum + baseline[index].time, 0)
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve('endless'), TIMEOUT_MILLISECONDS + 5 * expected)
    state.answered = (answer) => {
      clearTimeout(timer)
      resolve(answer)
    }
    state.worker.postMessage({ id, order })
  })
}

function survived(mutant, reached) {
  const excuse = EQUIVALENT.find(
    ({ file, within, change }) =>
      file === mutant.file && within === mutant.within && change === mutant.change,
  )
  if (excuse) return void excused.add(excuse).add(mutant)
  survivors.push(mutant)
  console.log(`survived${reached ? '' : ' (no test reaches it)'}: ${describe(mutant)}`)
}

function describe({ file, line, within, change }) {
  return `${file}:${line}${within === '' ? '' : ` ${within}`}: ${change}`
}

function report() {
  const whole = chosen.length === mutants.length
  const paths = mutated.map((path) => relative(SOURCE, path))
  const stale = whole
    ? EQUIVALENT.filter((entry) => paths.includes(entry.file) && !excused.has(entry))
    : []
  for (const { file, within, change } of stale)
    console.log(
      `this mutant does not survive, remove it from the list of equivalent mutants: ${file} ${within}: ${change}`,
    )
  const equivalent = chosen.filter((mutant) => excused.has(mutant)).length
  console.log(
    `${chosen.length} of ${mutants.length} mutants: ${noticed} noticed, ${endless} never ended, ${equivalent} are equivalent, ${survivors.length} survived.`,
  )
  process.exitCode = survivors.length + stale.length > 0 ? 1 : 0
}
