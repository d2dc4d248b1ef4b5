// The programs of the benchmark: its variants, the bundled programs and other tools, each in its own process.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { writeAxis, writeSet } from '../generate.mjs'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
export const OUT = `${ROOT}bench-data`
const PEERS = `${OUT}/peers`
const NPM_PEERS = ['yaml-language-server@1.25.0', '@monokle/validation@0.33.0']
const YAMLLINT = 'yamllint==1.37.1'

/** The folder of a generated set. */
export function setFolder(set) {
  return once(set, () => {
    mkdirSync(OUT, { recursive: true })
    // The tests use the hostile set too, and add files to it.
    if (set === 'hostile' || !existsSync(`${OUT}/${set}`)) writeSet(set, OUT)
    return `${OUT}/${set}`
  })
}

/** The folder of a crowded workspace. */
export function axisFolder(axis, size) {
  return once(`${axis}-${size}`, () => writeAxis(axis, size, `${OUT}/axes`).folder)
}

const made = new Map()
/** A function that computes its value once. */
function once(name, make) {
  if (!made.has(name)) made.set(name, make())
  return made.get(name)
}

export async function variantsProgram() {
  return once('variants', async () => {
    await bundle('scripts/bench/variants.mjs', `${OUT}/variants.mjs`)
    return `${OUT}/variants.mjs`
  })
}

/** The same, but `yaml` (its build for Node) reads every document. Both must have the same findings. */
export async function plainProgram() {
  return once('plain', async () => {
    await bundle('scripts/bench/variants.mjs', `${OUT}/plain.mjs`, {
      plugins: [PLAIN_PATHS],
      alias: { yaml: `${ROOT}node_modules/yaml/dist/index.js` },
    })
    return `${OUT}/plain.mjs`
  })
}

const PLAIN = {
  'readBlockYaml.ts': [
    'export function readBlockYaml(text: string): YamlMap | undefined {',
    '$&\n  return undefined\n',
  ],
  'sniff.ts': [
    'export function sniff(text: string): Sniff {',
    '$&\n  return { ...surfaceOf(text), decided: false }\n}\n\nfunction surfaceOf(text: string): Sniff {',
  ],
}

const PLAIN_PATHS = {
  name: 'plain paths',
  setup({ onLoad }) {
    onLoad(
      { filter: /shared[\\/]src[\\/]yaml[\\/](readBlockYaml|sniff)\.ts$/ },
      async ({ path }) => {
        const [head, plain] = PLAIN[basename(path)]
        const source = await readFile(path, 'utf8')
        if (!source.includes(head))
          throw new Error(`${path} has no line "${head}", where its fast path starts.`)
        return { contents: source.replace(head, plain), loader: 'ts' }
      },
    )
  },
}

/** A language server without features. */
export async function emptyServer() {
  return once('empty', async () => {
    await bundle('scripts/bench/emptyServer.mjs', `${OUT}/empty.cjs`, {
      format: 'cjs',
      minify: true,
      banner: {},
    })
    return `${OUT}/empty.cjs`
  })
}

/** The bundle of a program: `server` or `cli`. */
export function shipped(name) {
  return once(name, () => {
    execFileSync(
      process.execPath,
      ['esbuild.mjs', '--only', name, '--to', `${OUT}/shipped`, '--meta', metaFile(name)],
      { cwd: ROOT },
    )
    return `${OUT}/shipped/${name}.cjs`
  })
}

/** The inputs of the bundle of a program, from esbuild, with paths relative to the project. */
export function madeOf(name) {
  shipped(name)
  const [{ outputs }] = JSON.parse(readFileSync(metaFile(name), 'utf8'))
  return outputs
}

function metaFile(name) {
  return `${OUT}/shipped/${name}.json`
}

async function bundle(entry, outfile, options = {}) {
  await build({
    entryPoints: [`${ROOT}${entry}`],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    logLevel: 'warning',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)",
    },
    alias: { yaml: `${ROOT}node_modules/yaml/browser/index.js` },
    ...options,
  })
}

/** Runs a variant on a set and returns its measurements. */
export async function measure(variant, set, ...rest) {
  return measureFolder(variant, setFolder(set), ...rest)
}

/** Runs a variant on a folder and returns its measurements. */
export async function measureFolder(variant, folder, ...rest) {
  const [program, name] =
    variant === 'plain' ? [await plainProgram(), 'index'] : [await variantsProgram(), variant]
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--expose-gc', '--max-old-space-size=6000', program, name, folder, ...rest.map(String)],
    { encoding: 'utf8', maxBuffer: 1 << 28 },
  )
  if (status !== 0) throw new Error(`${variant} ${folder}: ${stderr}`)
  return JSON.parse(stdout)
}

/** Runs a program. Returns its wall and CPU seconds, its output, and whether it was ended because it took too long. */
export function time(command, args, { seconds = 600, env = {} } = {}) {
  const script = 'TIMEFORMAT="times %R %U %S"; time "$@" >"$OUTPUT" 2>/dev/null'
  const output = `${OUT}/output.txt`
  const { stderr } = spawnSync(
    'timeout',
    [String(seconds), 'bash', '-c', script, 'bash', command, ...args],
    { encoding: 'utf8', env: { ...process.env, ...env, OUTPUT: output } },
  )
  const [, wall, user, system] = /times ([\d.]+) ([\d.]+) ([\d.]+)/.exec(stderr) ?? []
  return wall === undefined
    ? undefined
    : { wall: Number(wall), cpu: Number(user) + Number(system), output }
}

/** Other tools from npm. They are installed below bench-data/, not in the project. */
export function npmPeers() {
  return once('npm', () => {
    mkdirSync(PEERS, { recursive: true })
    if (!existsSync(`${PEERS}/package.json`))
      writeFileSync(`${PEERS}/package.json`, '{"private":true,"type":"module"}')
    const missing = NPM_PEERS.filter(
      (peer) => !existsSync(`${PEERS}/node_modules/${peer.replace(/@[\d.]+$/, '')}`),
    )
    if (missing.length > 0)
      execFileSync('npm', ['install', '--no-audit', '--no-fund', '--silent', ...missing], {
        cwd: PEERS,
      })
    return `${PEERS}/node_modules`
  })
}

/** yamllint from PyPI; undefined without Python. */
export function yamllint() {
  return once('yamllint', () => {
    const program = `${PEERS}/venv/bin/yamllint`
    if (existsSync(program)) return program
    const run = (command, args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0
    return run('python3', ['-m', 'venv', `${PEERS}/venv`]) &&
      run(`${PEERS}/venv/bin/pip`, ['install', '-q', YAMLLINT])
      ? program
      : undefined
  })
}

/** Node 24 from npm; undefined if npm cannot install it. */
export function node24() {
  return once('node24', () => {
    const folder = `${PEERS}/node24`
    const program = `${folder}/node_modules/node/bin/node`
    if (!existsSync(program)) {
      mkdirSync(folder, { recursive: true })
      writeFileSync(`${folder}/package.json`, '{"private":true}')
      spawnSync('npm', ['install', '--no-audit', '--no-fund', '--silent', 'node@24'], {
        cwd: folder,
      })
    }
    return existsSync(program) ? program : undefined
  })
}

/** kubeconform: the variable `KUBECONFORM` has its path, or it is on the PATH. Otherwise undefined. */
export function kubeconform() {
  const program = process.env.KUBECONFORM ?? 'kubeconform'
  return spawnSync(program, ['-v'], { stdio: 'ignore' }).status === 0 ? program : undefined
}

/** istioctl: the variable `ISTIOCTL` has its path, or it is on the PATH. Otherwise undefined. */
export function istioctl() {
  const program = process.env.ISTIOCTL ?? 'istioctl'
  return spawnSync(program, ['version', '--remote=false'], { stdio: 'ignore' }).status === 0
    ? program
    : undefined
}
