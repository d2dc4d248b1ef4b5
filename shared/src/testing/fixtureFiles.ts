import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import type { Files } from './checkFiles.js'

const FIXTURES = new URL('../../../test-fixtures/', import.meta.url)

/** The lines of one file of conformance vectors. */
export function readVectors<T>(name: string): T[] {
  const text = gunzipSync(readFileSync(new URL(`conformance/${name}.jsonl.gz`, FIXTURES))).toString(
    'utf8',
  )
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T)
}

/** The text of a file under `test-fixtures`. */
export function readFixture(name: string): string {
  return readFileSync(new URL(name, FIXTURES), 'utf8')
}

/** The folders of a folder in `test-fixtures`, each with its YAML files. */
export function fixtureFolders(name: string): (readonly [folder: string, files: Files])[] {
  const all = fileURLToPath(new URL(`${name}/`, FIXTURES))
  return readdirSync(all).map((folder) => {
    const root = join(all, folder)
    const files = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
    return [
      folder,
      Object.fromEntries(files.map((file) => [relative(root, file), readFileSync(file, 'utf8')])),
    ]
  })
}
