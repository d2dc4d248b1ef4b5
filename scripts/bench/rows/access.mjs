import { cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { EDITS, placeOf } from '../edits.mjs'
import { measure, OUT, setFolder, shipped, time } from '../programs.mjs'
import { fraction, median, quantile } from '../statistics.mjs'

const POLICY = EDITS['principal of a policy']
/** How many policies differ between the two versions of a workspace. */
const EDITED = 20

/** The verdicts of all requests: of a workspace, between two versions of it, and after a keystroke. */
export async function access({ sets, runs }) {
  const set = sets.includes('M') ? 'M' : sets[0]
  const before = setFolder(set)
  const after = editedCopy(before, `${OUT}/${set}-edited`)
  const run = (...args) => time(process.execPath, [shipped('cli'), ...args])
  const measured = { index: [], access: [], diff: [] }
  for (let turn = 0; turn < runs; turn++) {
    measured.index.push(await measure('index', set))
    measured.access.push(await measure('access', set))
    measured.diff.push(run('diff', '--fail-on', 'never', before, after))
  }
  const of = (name, key) => median(measured[name].map((result) => result[key]))
  const ratio = (key) => fraction(of('access', key) / of('index', key))
  const diffRatio = (key) => fraction((of('diff', key) * 1_000) / (2 * of('index', key)))
  const [first] = measured.access
  const times = (key) => measured.access.flatMap((result) => result[key])
  const ms = (values) =>
    `${quantile(values, 0.5).toFixed(1)} (${quantile(values, 0.95).toFixed(1)})`
  const rows = [
    [
      `all access spaces of ${set} (${first.destinations} destinations, ${first.cells} cells) ÷ reading and checking it: wall; CPU`,
      '≤ 1.5',
      `${ratio('wall')}; ${ratio('cpu')}`,
    ],
    [
      'of the wall reading / signatures / evaluating, ms',
      '',
      ['reading', 'signing', 'judging'].map((key) => of('access', key).toFixed(0)).join(' / '),
    ],
    ['destinations with too many cells', '0', String(first.tooMany)],
    [
      `\`diff\` of ${set} and a copy with ${EDITED} edited policies, cold ÷ reading and checking both: wall; CPU`,
      '≤ 1.2',
      `${diffRatio('wall')}; ${diffRatio('cpu')}`,
    ],
    ['`diff`, cold: wall s', '', of('diff', 'wall').toFixed(2)],
    [
      'keystroke in a policy → the destinations that it can change: ms median (p95)',
      '≤ 50 (p95)',
      ms(times('times')),
    ],
    [
      'keystroke in a policy → these are evaluated again: ms median (p95); destinations at most',
      '',
      `${ms(times('evaluated'))}; ${Math.max(...measured.access.map(({ touched }) => touched))}`,
    ],
  ]
  return { rows, wrong: [] }
}

/** A copy of a folder in which policies name other accounts, spread over the files. */
function editedCopy(folder, copy) {
  if (existsSync(copy)) rmSync(copy, { recursive: true })
  cpSync(folder, copy, { recursive: true })
  const files = readdirSync(copy, { recursive: true })
    .filter((path) => /\.ya?ml$/.test(path))
    .sort()
    .map((path) => `${copy}/${path}`)
    .filter((path) => placeOf(POLICY, readFileSync(path, 'utf8')) !== undefined)
  for (let edit = 0; edit < EDITED; edit++) {
    const path = files[Math.floor((edit * files.length) / EDITED)]
    const text = readFileSync(path, 'utf8')
    const at = placeOf(POLICY, text)
    writeFileSync(path, text.slice(0, at) + POLICY.typed + text.slice(at))
  }
  return copy
}
