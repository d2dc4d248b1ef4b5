// node scripts/corpus.mjs FOLDER: checks each folder in FOLDER as one mesh. Prints the number of findings by rule, the
// slowest files, and all errors; with `--all`, all findings. Fails if a rule crashes.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const outfile = join(tmpdir(), `ambient-policy-corpus-${process.pid}.cjs`)
await build({
  entryPoints: [`${ROOT}shared/src/index.ts`],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  logLevel: 'warning',
  alias: { yaml: `${ROOT}node_modules/yaml/browser/index.js` },
})
const { Analysis } = createRequire(import.meta.url)(outfile)

const [folder, ...options] = process.argv.slice(2)
if (!folder) throw new Error('Usage: node scripts/corpus.mjs FOLDER [--all]')
const counts = new Map()
const printed = []
const slow = []
let crashes = 0
for (const name of readdirSync(folder).sort())
  if (statSync(join(folder, name)).isDirectory()) check(name)

console.log('findings by rule and level')
for (const [key, count] of [...counts].sort((a, b) => b[1] - a[1]))
  console.log(`${String(count).padStart(6)}  ${key}`)
console.log('\nslowest files (ms)')
for (const [ms, file] of slow.sort((a, b) => b[0] - a[0]).slice(0, 10))
  console.log(`${ms.toFixed(0).padStart(6)}  ${file}`)
console.log(options.includes('--all') ? '\nfindings' : '\nerrors')
for (const line of printed) console.log(line)
if (crashes > 0) process.exitCode = 1

function check(name) {
  const root = join(folder, name)
  const files = readdirSync(root, { recursive: true })
    .filter(
      (path) => /(\.ya?ml|(^|\/)Kustomization)$/.test(path) && statSync(join(root, path)).isFile(),
    )
    .sort()
  const read = (file) => readFileSync(join(root, file), 'utf8')
  const analysis = new Analysis({ settings: {}, world: 'open', levels: {}, readText: read })
  for (const file of files) {
    const start = performance.now()
    analysis.update([{ file, text: read(file) }])
    slow.push([performance.now() - start, `${name}/${file}`])
  }
  for (const file of files)
    for (const finding of analysis.findingsOf(file)) record(`${name}/${file}`, finding, analysis)
}

function record(file, finding, analysis) {
  const key = `${finding.rule} ${finding.level}`
  counts.set(key, (counts.get(key) ?? 0) + 1)
  if (finding.rule === 'internal-error') crashes++
  if (!options.includes('--all') && finding.level !== 'error' && finding.rule !== 'internal-error')
    return
  const start = analysis.locate(finding.place)?.range.start
  printed.push(
    `${file}:${(start?.line ?? -1) + 1}:${(start?.character ?? -1) + 1} ${finding.level} ${finding.rule}: ${finding.message}${finding.assumptions.length > 0 ? ` (assumed: ${finding.assumptions.join('; ')})` : ''}`,
  )
}
