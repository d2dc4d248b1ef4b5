import { readFileSync } from 'node:fs'
import { measure, setFolder, shipped, time } from '../programs.mjs'
import { median, spread } from '../statistics.mjs'

/** The delay of the event loop while the server reads files. Its findings must be those of the command line. */
export async function lag({ sets, runs }) {
  const rows = []
  const wrong = []
  for (const set of sets.filter((name) => name !== 'S')) {
    const measured = []
    for (let run = 0; run < runs; run++) measured.push(await measure('server', set))
    const of = (key) => measured.map((result) => result[key])
    rows.push(
      [
        `event-loop lag while the server reads ${set}, ms: p99 (max); CPU of one turn: p99 (max)`,
        '≤ 16',
        `${median(of('p99')).toFixed(1)} (${median(of('max')).toFixed(1)}); ${median(of('turn')).toFixed(1)} (${median(of('longestTurn')).toFixed(1)})`,
      ],
      [`the server reads ${set}: CPU ms`, '', spread(of('cpu'), 0)],
    )
    const check = time(process.execPath, [
      shipped('cli'),
      'check',
      '--format',
      'json',
      '--fail-on',
      'never',
      setFolder(set),
    ])
    const found = check && JSON.parse(readFileSync(check.output, 'utf8')).findings.length
    if (found !== measured[0].findings)
      wrong.push(`${set}: the server finds ${measured[0].findings}, the command line ${found}`)
  }
  return { rows, wrong }
}
