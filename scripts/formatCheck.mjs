// npm run format:check: names the files that `npm run format` would change. Exit status 1 if there are any. The program
// of Prettier does more for each file than to format it, which takes a third of its time.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as prettier from 'prettier'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const PRETTIER_IGNORE = ['--exclude-from=.prettierignore']

/** The files of a folder that neither Git nor `.prettierignore` ignores. */
function filesIn(root) {
  const list = (...options) =>
    execFileSync('git', ['ls-files', '-z', ...options], { cwd: root, encoding: 'utf8' })
      .split('\0')
      .slice(0, -1)
  const unread = new Set([
    ...list('--deleted'),
    ...list('--cached', '--ignored', ...PRETTIER_IGNORE),
  ])
  const files = [...list('--cached'), ...list('--others', '--exclude-standard', ...PRETTIER_IGNORE)]
  return files.filter((file) => !unread.has(file))
}

/**
 * The files of a folder that are not formatted.
 *
 * @param {string} root
 * @param {Set<string>} formatted checksums of texts that are formatted: those of the folder are added
 */
export async function unformattedFiles(root, formatted = new Set()) {
  const found = []
  const plugins = new Map()
  for (const file of filesIn(root)) {
    const filepath = join(root, file)
    const { inferredParser } = await prettier.getFileInfo(filepath)
    if (inferredParser === null) continue
    const options = await prettier.resolveConfig(filepath, { editorconfig: true })
    const text = readFileSync(filepath, 'utf8')
    const key = [prettier.version, inferredParser, JSON.stringify(options), text].join('\n')
    const checksum = createHash('sha256').update(key).digest('base64')
    if (formatted.has(checksum)) continue
    const names = options?.plugins ?? []
    for (const name of names) if (!plugins.has(name)) plugins.set(name, await import(name))
    const given = { ...options, filepath, plugins: names.map((name) => plugins.get(name)) }
    if (await prettier.check(text, given)) formatted.add(checksum)
    else found.push(file)
  }
  return found
}

async function main() {
  const cache = join(ROOT, 'node_modules/.cache/formatted.json')
  const formatted = new Set(existsSync(cache) ? JSON.parse(readFileSync(cache, 'utf8')) : [])
  const found = await unformattedFiles(ROOT, formatted)
  mkdirSync(dirname(cache), { recursive: true })
  writeFileSync(cache, JSON.stringify([...formatted]))
  for (const file of found) console.error(`${file} is not formatted: run npm run format.`)
  if (found.length > 0) process.exitCode = 1
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main()
