// Generates the workspaces of the benchmark: node scripts/generate.mjs [S] [M] [L] [huge] [hostile] [--axis NAME N]
// [--out bench-data]. `--axis` makes a crowded workspace of size N; without a name it lists the axes. The same seed gives the same bytes: only integers, one random number generator, no clock. Prints the
// sha256 of all files.
import { createHash } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { hostileFiles } from '../test-fixtures/hostile/inputs.mjs'
import { AXES, axisFiles } from './generate/axes.mjs'
import { hugeFile, workspaceFiles } from './generate/workspace.mjs'

/** The number of files and documents of each set, and its seed. */
export const SETS = {
  S: { files: 200, documents: 1_000, seed: 11 },
  M: { files: 5_000, documents: 25_000, seed: 12 },
  L: { files: 20_000, documents: 100_000, seed: 13 },
  huge: { documents: 10_000, seed: 14 },
  hostile: {},
}

/** The files of a set: path → text or bytes. */
export function filesOf(set) {
  if (set === 'huge') return hugeFile(SETS.huge)
  return set === 'hostile' ? hostileFiles() : workspaceFiles(SETS[set])
}

/** Writes a set below `out`, instead of an earlier one. */
export function writeSet(set, out) {
  return writeFiles(filesOf(set), join(out, set))
}

/** Writes a crowded workspace below `out`, instead of an earlier one. */
export function writeAxis(axis, n, out) {
  return writeFiles(axisFiles(axis, n), join(out, `${axis}-${n}`))
}

function writeFiles(given, folder) {
  rmSync(folder, { recursive: true, force: true })
  const hash = createHash('sha256')
  let bytes = 0
  const files = [...given].sort(([a], [b]) => (a < b ? -1 : 1))
  const made = new Set()
  for (const [path, content] of files) {
    const target = join(folder, path)
    if (!made.has(dirname(target)))
      made.add(mkdirSync(dirname(target), { recursive: true }) ?? dirname(target))
    const buffer = Buffer.from(content)
    bytes += buffer.length
    hash.update(buffer)
    writeFileSync(target, buffer)
  }
  return { folder, files: files.length, bytes, sha256: hash.digest('hex') }
}

function print(name, { folder, files, bytes, sha256 }) {
  console.log(`${name}\t${folder}\t${files} files\t${bytes} bytes\t${sha256}`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { out: { type: 'string', default: 'bench-data' }, axis: { type: 'boolean' } },
  })
  const { out } = values
  if (values.axis) {
    const [axis, n] = positionals
    if (axis === undefined) console.log(Object.keys(AXES).join('\n'))
    else print(axis, writeAxis(axis, Number(n), out))
  } else
    for (const set of positionals.length > 0 ? positionals : ['S', 'M']) {
      if (!(set in SETS))
        throw new Error(`There is no set "${set}": ${Object.keys(SETS).join(', ')}.`)
      print(set, writeSet(set, out))
    }
}
