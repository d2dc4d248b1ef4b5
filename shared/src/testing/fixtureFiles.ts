import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

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
