// Excerpts of real output, for the README.
const MESH = 'test-fixtures/meshes/shop'

/** Findings of the sample mesh that the README shows. */
const SHOWN = ['l7-allow-rule-dropped', 'waypoint-identity-denied']

/** Rules of the five surprises. */
const SURPRISES = [
  'l7-allow-rule-dropped',
  'l7-deny-rule-no-effect',
  'waypoint-identity-denied',
  'disable-mode-is-permissive',
  'target-not-bound',
  'waypoint-bypass',
]

/** Two findings and the last line of `check`. @param run a command line, which returns its output. */
export async function checkExcerpt(run) {
  const blocks = (await run(['check', MESH])).trimEnd().split('\n\n')
  const shown = SHOWN.map((rule) => found(blocks, (block) => block.split(' ')[2] === rule, rule))
  const command = `$ node server/dist/cli.cjs check ${MESH}`
  return ['```console', command, [...shown, '…', blocks.at(-1)].join('\n\n'), '```'].join('\n')
}

/** Some rows and one finding of the comment on a pull request. */
export async function summaryExcerpt(run) {
  const lines = (await run(['check', MESH, '--format', 'markdown'])).split('\n')
  const line = (start) => found(lines, (text) => text.startsWith(start), start)
  const counts = found(lines, (text) => /^\d+ errors?/.test(text), 'the counts')
  const rows = SURPRISES.map((rule) => line(`| \`${rule}\` |`))
  const first = found(lines, (text) => text.includes(`\`${SHOWN[0]}\` in line`), SHOWN[0])
  const details = lines.slice(lines.indexOf(first))
  const finding = details.slice(
    0,
    details.findIndex((text, index) => index > 0 && !text.startsWith('  - ')),
  )
  const file = lines.slice(0, lines.indexOf(first)).findLast((text) => text.startsWith('<details>'))
  const header = [line('| rule |'), line('|---')]
  const excerpt = [
    counts,
    '',
    ...header,
    ...rows,
    '',
    '…',
    '',
    file,
    '',
    ...finding,
    '- …',
    '',
    '</details>',
  ]
  return excerpt.map((text) => `> ${text}`.trimEnd()).join('\n')
}

function found(texts, matches, what) {
  const text = texts.find(matches)
  if (text === undefined) throw new Error(`The output has no ${what}.`)
  return text
}
