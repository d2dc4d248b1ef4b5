import { readFileSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'
import { ROOT } from './programs.mjs'

const FILE = `${ROOT}BENCHMARKS.md`

export function tableOf(rows) {
  return [
    '| measure | goal | here |',
    '|---|---|---|',
    ...rows.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`),
  ].join('\n')
}

/** The machine, the date and the commit of a measurement. */
export function machine() {
  const [first] = cpus()
  const commit = git('rev-parse', '--short', 'HEAD')
  const changed =
    git('status', '--porcelain', '--', 'shared/src', 'server/src') === '' ? '' : ' and changes'
  return `${cpus().length} × ${first?.model.trim() ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}, Node ${process.version}; ${new Date().toISOString().slice(0, 10)}, commit ${commit}${changed}`
}

function git(...args) {
  try {
    return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}

/** Writes a text between the markers with its name in BENCHMARKS.md. */
export function write(name, text) {
  const before = readFileSync(FILE, 'utf8')
  const [start, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`]
  const [from, to] = [before.indexOf(start), before.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`BENCHMARKS.md has no place for "${name}".`)
  writeFileSync(FILE, `${before.slice(0, from + start.length)}\n${text}\n${before.slice(to)}`)
}
