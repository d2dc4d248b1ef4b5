// npm run bench: speed beside the floor of reading every byte, `yaml` on everything and other tools, as tables of ratios.
//   npm run bench -- [index] [lag] [keystroke] [typing] [start] [bundle] [hostile] [commandLine]   all where none is named
//     --large     workspace L too (20 000 files, 100 000 documents)
//     --huge      the file of 10 000 documents too
//     --set S     that workspace alone
//     --runs N    runs of each, 3 where not said; medians are printed
//     --write     put the tables into BENCHMARKS.md
// Fails only on a wrong result (findings that differ between paths), never on time. Peers are installed below bench-data/ when they are first needed.
import { parseArgs } from 'node:util'
import { machine, tableOf, write } from './bench/report.mjs'
import { bundle } from './bench/rows/bundle.mjs'
import { commandLine } from './bench/rows/commandLine.mjs'
import { hostile } from './bench/rows/hostile.mjs'
import { index } from './bench/rows/index.mjs'
import { keystroke } from './bench/rows/keystroke.mjs'
import { lag } from './bench/rows/lag.mjs'
import { start } from './bench/rows/start.mjs'
import { typing } from './bench/rows/typing.mjs'

const GROUPS = { index, lag, keystroke, typing, start, bundle, hostile, commandLine }
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    large: { type: 'boolean' },
    huge: { type: 'boolean' },
    write: { type: 'boolean' },
    set: { type: 'string' },
    runs: { type: 'string', default: '3' },
  },
})
const names = positionals.length > 0 ? positionals : Object.keys(GROUPS)
const unknown = names.find((name) => !(name in GROUPS))
if (unknown !== undefined)
  throw new Error(`There is no group "${unknown}": ${Object.keys(GROUPS).join(', ')}.`)
const sets = options.set ? [options.set] : ['S', 'M', ...(options.large ? ['L'] : [])]

const wrong = []
for (const name of names) {
  const result = await GROUPS[name]({
    sets,
    runs: Number(options.runs),
    huge: options.huge ?? false,
  })
  wrong.push(...result.wrong)
  const flags = [
    options.large && '--large',
    options.huge && '--huge',
    options.set && `--set ${options.set}`,
    options.runs !== '3' && `--runs ${options.runs}`,
  ].filter(Boolean)
  const text = `\`npm run bench -- ${[name, ...flags].join(' ')}\` (${machine()})\n\n${tableOf(result.rows)}`
  console.log(`${text}\n`)
  if (options.write) write(name, text)
}
for (const message of wrong) console.error(`Wrong: ${message}`)
process.exitCode = wrong.length > 0 ? 1 : 0
