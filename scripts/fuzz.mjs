// npm run fuzz: damages texts, edits and requests, and draws settings, patterns, names, folders, messages, meshes and
// their requests at random. A difference, a crash or a hang fails the run. A file has the failed case, and the output has
// the command that repeats it.
//   npm run fuzz -- [inputs] [edits] [requests] [settings] [patterns] [names] [files] [logs] [dumps] [accessTests]
//                   [messages] [classes] [spaces]
//                                                the stages; default: all
//   npm run fuzz -- soak                         100 000 edits of one server (about ten minutes)
//     --inputs N …                                 number of cases of a stage; the defaults take about two minutes
//     --seed N                                     seed of the random numbers
//     --corpus FOLDER                              more manifests to start from
//     --only N                                     only case N of a stage
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { build } from 'esbuild'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const OUT = `${ROOT}fuzz-data`
/** Runs only if it is named. */
const SOAK = 'soak'
const DEFAULTS = {
  inputs: 25_000,
  edits: 3_000,
  requests: 3_000,
  settings: 5_000,
  patterns: 20_000,
  names: 1_000,
  files: 5_000,
  logs: 20_000,
  dumps: 10_000,
  accessTests: 10_000,
  messages: 3_000,
  classes: 100_000,
  spaces: 2_000,
  [SOAK]: 100_000,
}
/** A longer case hangs. The slowest case takes less than a second, so the limit also works on a busy machine. */
const HANG_SECONDS = 120
/** The soak starts other servers between its edits. */
const SOAK_HANG_SECONDS = 1_800
/** A stage ends after this number of failures. */
const MAX_FAILURES = 10

const number = { type: 'string' }
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ...Object.fromEntries(Object.keys(DEFAULTS).map((name) => [name, number])),
    seed: number,
    only: number,
    corpus: { type: 'string', multiple: true, default: [] },
  },
})
const stages =
  positionals.length > 0 ? positionals : Object.keys(DEFAULTS).filter((name) => name !== SOAK)
const unknown = stages.find((stage) => !(stage in DEFAULTS))
if (unknown !== undefined)
  throw new Error(`There is no stage "${unknown}": ${Object.keys(DEFAULTS).join(', ')}.`)
const seed = Number(options.seed ?? 1)
const folders = [
  ...['meshes', 'quiet', 'showcase', 'editor'].map((name) => `${ROOT}test-fixtures/${name}`),
  ...options.corpus,
]

mkdirSync(OUT, { recursive: true })
const code = `${OUT}/worker-${process.pid}.mjs`
await build({
  entryPoints: [`${ROOT}scripts/fuzz/worker.mjs`],
  outfile: code,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  logLevel: 'warning',
  alias: { yaml: `${ROOT}node_modules/yaml/browser/index.js` },
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)",
  },
})

let failures = 0
try {
  for (const stage of stages)
    failures += await run(stage, Number(options[stage] ?? DEFAULTS[stage]))
} finally {
  rmSync(code, { force: true })
}
process.exitCode = failures > 0 ? 1 : 0

/** Runs a stage. Returns the number of failed cases. */
async function run(stage, wanted) {
  const shared = new SharedArrayBuffer(8)
  const at = new Int32Array(shared)
  const cpu = process.cpuUsage()
  const worker = new Worker(code, {
    workerData: {
      stage,
      seed,
      from: 0,
      wanted,
      only: options.only === undefined ? undefined : Number(options.only),
      folders,
      shared,
    },
  })
  const failed = []
  const hangSeconds = stage === SOAK ? SOAK_HANG_SECONDS : HANG_SECONDS
  let end
  // After an interrupt, the output still has the number of cases.
  let isStopped = false
  const stop = () => {
    isStopped = true
    void worker.terminate()
  }
  process.once('SIGINT', stop)
  await new Promise((resolve) => {
    let seen = ''
    let since = performance.now()
    const watch = setInterval(() => {
      const now = `${Atomics.load(at, 0)}:${Atomics.load(at, 1)}`
      if (now !== seen) {
        seen = now
        since = performance.now()
      } else if (performance.now() - since > hangSeconds * 1_000) {
        reportFailure(
          stage,
          {
            number: Atomics.load(at, 0),
            problem: `The case did not end within ${hangSeconds} s.`,
            text: '',
          },
          failed,
        )
        void worker.terminate()
      }
    }, 1_000)
    worker.on('message', (message) => {
      if (message.problem === undefined) end = message
      else {
        reportFailure(stage, message, failed)
        if (failed.length >= MAX_FAILURES) void worker.terminate()
        since = performance.now()
      }
    })
    worker.on('error', (error) => {
      reportFailure(
        stage,
        { number: Atomics.load(at, 0), problem: error.stack ?? String(error), text: '' },
        failed,
      )
    })
    worker.on('exit', () => {
      clearInterval(watch)
      process.off('SIGINT', stop)
      if (!end && !isStopped && failed.length === 0)
        reportFailure(
          stage,
          { number: Atomics.load(at, 0), problem: 'The stage ended too early.', text: '' },
          failed,
        )
      resolve()
    })
  })
  const { user, system } = process.cpuUsage(cpu)
  const from = end ? ` from ${end.documents} documents` : ''
  const drawn = `seed ${seed}, ${Atomics.load(at, 0) + 1} cases${from}`
  const seconds = ((user + system) / 1e6).toFixed(0)
  console.log(
    `${stage}: ${Atomics.load(at, 1)} of ${wanted} (${drawn}), ${failed.length} failed, ${seconds} s of CPU`,
  )
  return failed.length
}

function reportFailure(stage, { number: at, problem, text }, failed) {
  const file = `${OUT}/${stage}-${seed}-${at}.txt`
  writeFileSync(file, text === '' ? problem : text)
  failed.push(at)
  console.log(
    `FAILED ${stage} ${at}: ${problem.split('\n').slice(0, 12).join('\n')}\n  to repeat: npm run fuzz -- ${stage} --seed ${seed} --only ${at}\n  smallest failing case: ${file}`,
  )
}
