// Generates the workspaces of the benchmark: node scripts/generate.mjs [S] [M] [L] [huge] [hostile] [--out
// bench-data] The same seed gives the same bytes: only integers, one random number generator, no clock. Prints the
// sha256 of all files.
import { createHash } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { hostileFiles } from '../test-fixtures/hostile/inputs.mjs'
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
  const folder = join(out, set)
  rmSync(folder, { recursive: true, force: true })
  const hash = createHash('sha256')
  let bytes = 0
  const files = [...filesOf(set)].sort(([a], [b]) => (a < b ? -1 : 1))
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

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const args = process.argv.slice(2)
  const at = args.indexOf('--out')
  const out = at < 0 ? 'bench-data' : args.splice(at, 2)[1]
  for (const set of args.length > 0 ? args : ['S', 'M']) {
    if (!(set in SETS))
      throw new Error(`There is no set "${set}": ${Object.keys(SETS).join(', ')}.`)
    const { folder, files, bytes, sha256 } = writeSet(set, out)
    console.log(`${set}\t${folder}\t${files} files\t${bytes} bytes\t${sha256}`)
  }
}
