import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('../../../test-fixtures/editor', import.meta.url))

/** The files of the workspace `test-fixtures/editor`: name → text. */
export function editorFixture(): Record<string, string> {
  const files = readdirSync(FOLDER, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  return Object.fromEntries(
    files.map((file) => [relative(FOLDER, file), readFileSync(file, 'utf8')]),
  )
}
