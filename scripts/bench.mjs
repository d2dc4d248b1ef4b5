// npm run bench: compares the speed with reading every byte, with `yaml` on everything and with other tools.
//   npm run bench -- [index] [lag] [keystroke] [typing] [start] [opening] [bundle] [hostile] [commandLine] [access]
//                   [tests] [growth]
//                   default: all
//     --large     also workspace L (20 000 files, 100 000 documents)
//     --huge      also the file with 10 000 documents
//     --set S     only this workspace
//     --axis NAME this axis of `growth`; can be repeated
//     --size N    the smallest size of `growth`, default 250
//     --runs N    number of runs, default 3; the tables show medians
//     --write     write the tables to BENCHMARKS.md
// Fails only if findings differ between two ways to get them, never because of time. The first use of another tool
// installs it below bench-data/.
import { parseArgs } from 'node:util'
import { machine, tableOf, write } from './bench/report.mjs'
import { access } from './bench/rows/access.mjs'
import { bundle } from './bench/rows/bundle.mjs'
import { commandLine } from './bench/rows/commandLine.mjs'
import { growth } from './bench/rows/growth.mjs'
import { hostile } from './bench/rows/hostile.mjs'
import { index } from './bench/rows/index.mjs'
import { keystroke } from './bench/rows/keystroke.mjs'
import { lag } from './bench/rows/lag.mjs'
import { opening } from './bench/rows/opening.mjs'
import { start } from './bench/rows/start.mjs'
import { tests } from './bench/rows/tests.mjs'
import { typing } from './bench/rows/typing.mjs'

const GROUPS = {
  index,
  lag,
  keystroke,
  typing,
  start,
  opening,
  bundle,
  hostile,
  commandLine,
  access,
  growth,
  tests,
}
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    large: { type: 'boolean' },
    huge: { type: 'boolean' },
    write: { type: 'boolean' },
    set: { type: 'string' },
    axis: { type: 'string', multiple: true },
    size: { type: 'string' },
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
    axes: options.axis,
    smallest: options.size && Number(options.size),
  })
  wrong.push(...result.wrong)
  const flags = [
    options.large && '--large',
    options.huge && '--huge',
    options.set && `--set ${options.set}`,
    options.axis && `--axis ${options.axis.join(' --axis ')}`,
    options.size && `--size ${options.size}`,
    options.runs !== '3' && `--runs ${options.runs}`,
  ].filter(Boolean)
  const text = `\`npm run bench -- ${[name, ...flags].join(' ')}\` (${machine()})\n\n${tableOf(result.rows)}`
  console.log(`${text}\n`)
  if (options.write) write(name, text)
}
for (const message of wrong) console.error(`Wrong: ${message}`)
process.exitCode = wrong.length > 0 ? 1 : 0
