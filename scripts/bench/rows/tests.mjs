import { readFileSync, writeFileSync } from 'node:fs'
import { OUT, setFolder, shipped, time } from '../programs.mjs'
import { fraction, median } from '../statistics.mjs'

const CASES = 1_000

/** Policy tests, compared with `check` of the same files. */
export async function tests({ sets, runs }) {
  const set = sets.includes('M') ? 'M' : sets[0]
  const folder = setFolder(set)
  const run = (...args) => time(process.execPath, [shipped('cli'), ...args])
  const file = recordedFile(set, run('test', '--record', folder).output)
  const measured = { check: [], test: [] }
  const wrong = []
  for (let turn = 0; turn < runs; turn++) {
    measured.check.push(run('check', '--no-cache', '--fail-on', 'never', folder))
    measured.test.push(run('test', file))
    const last = readFileSync(measured.test.at(-1).output, 'utf8').trim().split('\n').at(-1)
    if (last !== `${CASES} tests: ${CASES} passed`) wrong.push(`${set}: ${last}`)
  }
  const ratio = (key) =>
    fraction(
      median(measured.test.map((result) => result[key])) /
        median(measured.check.map((result) => result[key])),
    )
  return {
    rows: [
      [
        `\`test\` of ${CASES} cases on ${set}, cold ÷ \`check\` of ${set} without its cache, cold: wall; CPU`,
        '≤ 1.3',
        `${ratio('wall')}; ${ratio('cpu')}`,
      ],
    ],
    wrong,
  }
}

/** A test file with the first recorded cases. */
function recordedFile(set, output) {
  const [head, ...cases] = readFileSync(output, 'utf8').split(/^(?= {2}- name:)/m)
  const file = `${OUT}/${set}.access-test.yaml`
  writeFileSync(file, `mesh: ${set}\n${head}${cases.slice(0, CASES).join('')}`)
  return file
}
