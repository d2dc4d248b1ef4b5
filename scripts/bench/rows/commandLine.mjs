import { readFileSync } from 'node:fs'
import {
  istioctl,
  kubeconform,
  node24,
  npmPeers,
  ROOT,
  setFolder,
  shipped,
  time,
  yamllint,
} from '../programs.mjs'
import { fraction, median, spread } from '../statistics.mjs'

/** Another tool is ended after this time. */
const PATIENCE = 300

/** The command line with a cold start, compared with other tools on the same files. */
export async function commandLine({ sets, runs }) {
  const rows = []
  const set = (name) => setFolder(name)
  const ours = (name) => [
    process.execPath,
    [shipped('cli'), 'check', '--no-cache', '--fail-on', 'never', set(name)],
  ]
  const monokle = (name) => [
    process.execPath,
    [`${ROOT}scripts/bench/monokle.mjs`, npmPeers(), set(name)],
  ]
  const lint = yamllint()
  const istio = istioctl()
  const peers = [
    ['S', '@monokle/validation', monokle('S'), '≤ 1/12'],
    ['S', 'yamllint', lint && [lint, ['-d', 'relaxed', set('S')]], ''],
    [
      'S',
      'istioctl analyze --use-kube=false',
      istio && [istio, ['analyze', '--use-kube=false', set('S')]],
      '≤ 0.8',
    ],
    ['M', 'yamllint', lint && [lint, ['-d', 'relaxed', set('M')]], ''],
    [
      'M',
      'istioctl analyze --use-kube=false',
      istio && [istio, ['analyze', '--use-kube=false', set('M')]],
      '≤ 0.25',
    ],
  ]
  const conform = kubeconform()
  const schemas = process.env.KUBECONFORM_SCHEMAS
  peers.push([
    'M',
    'kubeconform',
    conform &&
      schemas && [
        conform,
        ['-schema-location', schemas, '-ignore-missing-schemas', '-summary', set('M')],
      ],
    '≤ 1',
  ])
  const newer = node24()
  for (const name of sets.filter((each) => each !== 'L')) {
    const mine = repeat(runs, () => time(...ours(name)))
    rows.push([
      `\`check\` ${name}, cold: wall s; CPU s`,
      '',
      `${spread(mine.map(({ wall }) => wall))}; ${spread(mine.map(({ cpu }) => cpu))}`,
    ])
    if (newer) {
      const [, args] = ours(name)
      const onNewer = repeat(runs, () => time(newer, args))
      rows.push([
        `the same on Node 24: wall s; CPU s`,
        '',
        `${spread(onNewer.map(({ wall }) => wall))}; ${spread(onNewer.map(({ cpu }) => cpu))}`,
      ])
    }
    for (const [on, peer, command, goal] of peers) {
      if (on !== name) continue
      const theirs = command
        ? repeat(name === 'S' ? Math.min(runs, 3) : 1, () =>
            time(...command, { seconds: PATIENCE }),
          )
        : []
      const ended = theirs.filter((each) => each !== undefined)
      const of = (list, key) => median(list.map((each) => each[key]))
      if (!command) rows.push([`\`check\` ${name} ÷ ${peer}`, goal, 'not installed here'])
      else if (ended.length === 0)
        rows.push([`\`check\` ${name} ÷ ${peer}`, goal, `not done after ${PATIENCE} s`])
      else
        rows.push([
          `\`check\` ${name} ÷ ${peer} (${of(ended, 'wall').toFixed(2)} s wall, ${of(ended, 'cpu').toFixed(2)} s CPU${said(peer, ended)}): wall; CPU`,
          goal,
          `${fraction(of(mine, 'wall') / of(ended, 'wall'))}; ${fraction(of(mine, 'cpu') / of(ended, 'cpu'))}`,
        ])
    }
  }
  return { rows, wrong: [] }
}

/** The number of results that Monokle prints in its last line; otherwise empty. */
function said(peer, ended) {
  if (peer !== '@monokle/validation') return ''
  const [resources, results] = readFileSync(ended[ended.length - 1].output, 'utf8')
    .trim()
    .split(' ')
  return `, ${results} results on ${resources} objects`
}

function repeat(times, act) {
  return Array.from({ length: times }, act)
}
