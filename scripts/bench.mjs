// npm run bench: the evaluator against the floor of reading every byte and against the `yaml` package on everything. Prints one table of ratios.
// Options: --large adds workspace L, --runs N, --set S. Fails on a wrong result, never on time.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { writeSet } from './generate.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const OUT = `${ROOT}bench-data`
const args = process.argv.slice(2)
const option = (name, fallback) => (args.includes(name) ? args[args.indexOf(name) + 1] : fallback)
const runs = Number(option('--runs', '3'))
const sets = args.includes('--set') ? [option('--set')] : args.includes('--large') ? ['S', 'M', 'L'] : ['S', 'M']

mkdirSync(OUT, { recursive: true })
for (const set of sets) if (!existsSync(`${OUT}/${set}`)) writeSet(set, OUT)
const variants = `${OUT}/variants.cjs`
await build({
  entryPoints: [`${ROOT}scripts/bench/variants.mjs`],
  outfile: variants,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  logLevel: 'warning',
  alias: { yaml: `${ROOT}node_modules/yaml/browser/index.js` },
})

const rows = []
for (const set of sets) {
  const measured = { floor: [], yaml: [], index: [] }
  for (let run = 0; run < runs; run++) {
    for (const variant of Object.keys(measured)) if (variant !== 'yaml' || run === 0 || set === 'S') measured[variant].push(measure(variant, set))
  }
  const [index, floor, yaml] = ['index', 'floor', 'yaml'].map((variant) => measured[variant])
  same(index.map(({ digest }) => digest), `${set}: findings`)
  const of = (list, key) => list.map((result) => result[key])
  const ratio = (key, base) => ratios(of(index, key), median(of(base, key)))
  rows.push(
    [`cold index ${set}: CPU ÷ floor`, ratio('cpu', floor)],
    [`cold index ${set}: wall ÷ floor`, ratio('wall', floor)],
    [`cold index ${set}: wall ÷ \`yaml\` on everything`, ratio('wall', yaml)],
    [`cold index ${set}: ms (${index[0].documents} documents, ${index[0].resources} objects, ${index[0].findings} findings)`, spread(of(index, 'wall'), 0)],
    [`cold index ${set}: of it reading / judging, ms`, `${median(of(index, 'reading')).toFixed(0)} / ${median(of(index, 'judging')).toFixed(0)}`],
    [`heap per document ${set}, bytes`, spread(of(index, 'heapPerDocument'), 0)],
  )
}
const typing = sets.includes('M') ? 'M' : sets[0]
for (const documents of [10, 77]) {
  const results = Array.from({ length: Math.min(runs, 2) }, () => measure('keystroke', typing, documents))
  const { edits } = results[0]
  for (const edit of Object.keys(edits)) {
    const times = results.flatMap((result) => result.edits[edit].times).sort((a, b) => a - b)
    rows.push([
      `keystroke ${typing}, ${results[0].documents} documents, ${edit}: ms median (p95)`,
      `${quantile(times, 0.5).toFixed(2)} (${quantile(times, 0.95).toFixed(2)}); facts computed again ${edits[edit].runs}, objects judged ${edits[edit].judged} of ${results[0].resources}`,
    ])
  }
}

console.log(`| measure | median (spread) |\n|---|---|\n${rows.map(([name, value]) => `| ${name} | ${value} |`).join('\n')}`)

function measure(variant, set, ...rest) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', '--max-old-space-size=6000', variants, variant, `${OUT}/${set}`, ...rest.map(String)], { encoding: 'utf8', maxBuffer: 1 << 28 })
  if (status !== 0) throw new Error(`${variant} ${set}: ${stderr}`)
  return JSON.parse(stdout)
}

function same(values, what) {
  if (new Set(values).size > 1) throw new Error(`${what} differ between runs.`)
}

function median(values) {
  return quantile([...values].sort((a, b) => a - b), 0.5)
}

function quantile(sorted, at) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? Number.NaN
}

function ratios(values, base) {
  return spread(values.map((value) => value / base), 2)
}

function spread(values, digits) {
  const sorted = [...values].sort((a, b) => a - b)
  return `${median(sorted).toFixed(digits)} (${sorted[0].toFixed(digits)}–${sorted[sorted.length - 1].toFixed(digits)})`
}
