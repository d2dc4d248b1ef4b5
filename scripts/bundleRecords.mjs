// What each bundle was built from, so that a bundle whose inputs are unchanged is not built again.
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { version } from 'esbuild'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const RECORDS = join(ROOT, '.build/bundles')
/** These files change every bundle. */
const ALWAYS = [
  'esbuild.mjs',
  'package-lock.json',
  'scripts/commonJsChunks.mjs',
  'scripts/constantModule.mjs',
  'scripts/packChunks.mjs',
]

const digests = new Map()

/** The digest of a file; undefined where it does not exist. Modules of Node have no file. */
function digestOf(path) {
  const file = join(ROOT, path)
  if (!digests.has(file))
    digests.set(
      file,
      existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : undefined,
    )
  return digests.get(file)
}

const isUnchanged = (files) =>
  Object.entries(files).every(([path, digest]) => digestOf(path) === digest)
const digestsOf = (paths) => Object.fromEntries(paths.map((path) => [path, digestOf(path)]))
const recordOf = (name) => join(RECORDS, `${name}.json`)
const keyOf = (options) => JSON.stringify([version, options])

/**
 * The metafile of a bundle that was built with the same options from the same files; undefined if it must be built.
 *
 * @param {string} name
 * @param {object} options the options of esbuild
 */
export function recordedBuild(name, options) {
  if (!existsSync(recordOf(name))) return undefined
  const { key, inputs, outputs, metafile } = JSON.parse(readFileSync(recordOf(name), 'utf8'))
  return key === keyOf(options) && isUnchanged(inputs) && isUnchanged(outputs)
    ? metafile
    : undefined
}

/** Records a bundle that was just built. */
export function recordBuild(name, options, metafile) {
  digests.clear()
  const record = {
    key: keyOf(options),
    inputs: digestsOf([...ALWAYS, ...Object.keys(metafile.inputs)]),
    outputs: digestsOf(Object.keys(metafile.outputs)),
    metafile,
  }
  mkdirSync(RECORDS, { recursive: true })
  writeFileSync(recordOf(name), JSON.stringify(record))
}

/** Copies the files of a bundle from one folder to another. */
export function copyBuild({ outputs }, from, to) {
  for (const path of Object.keys(outputs)) {
    const target = join(to, relative(from, join(ROOT, path)))
    mkdirSync(dirname(target), { recursive: true })
    copyFileSync(join(ROOT, path), target)
  }
}
