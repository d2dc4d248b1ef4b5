import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

const FOLDER = new URL('../../../test-fixtures/conformance/', import.meta.url)

/** The lines of one file of conformance vectors. */
export function readVectors<T>(name: string): T[] {
  const text = gunzipSync(readFileSync(new URL(`${name}.jsonl.gz`, FOLDER))).toString('utf8')
  return text.trim().split('\n').map((line) => JSON.parse(line) as T)
}
