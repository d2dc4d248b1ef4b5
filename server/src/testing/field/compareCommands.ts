import type { CliFolder } from '../../cli/testing/cliFolder.js'
import { compareFindings, compareText, hasValues, type Found } from './compare.js'
import type { Expected, ExpectedFix } from './fieldCase.js'

type Answers = Pick<Expected, 'evaluate'>

/** What `check` prints for a folder, and what is wrong with it. */
export async function compareCheck(
  cli: CliFolder,
  expected: Expected | ExpectedFix,
  paths: readonly string[],
): Promise<{ readonly found: readonly Found[]; readonly wrong: string[] }> {
  const exit = 'exit' in expected ? expected.exit : undefined
  const failOn = exit === undefined ? 'never' : 'error'
  const ran = await cli.run(['check', '--format', 'json', '--fail-on', failOn, ...paths])
  const found = (JSON.parse(ran.out) as { findings: Found[] }).findings
  const wrong = compareFindings(expected, found)
  if (exit !== undefined && ran.status !== exit)
    wrong.push(`check ends with ${ran.status}, not ${exit}`)
  if ('source' in expected) wrong.push(...compareNotices(expected, found, ran.errors))
  return { found, wrong }
}

function compareNotices(
  { stderr = {}, told = [] }: Expected,
  found: readonly Found[],
  notices: readonly string[],
): string[] {
  const text = notices.join('\n')
  const silent = told.filter(
    (file) =>
      !found.some((finding) => finding.file === file) &&
      !text.includes(file.slice(file.lastIndexOf('/') + 1)),
  )
  return [
    ...compareText(text, stderr).map((line) => `standard error ${line}`),
    ...(stderr.empty === true && text.trim() !== '' ? [`standard error: ${text}`] : []),
    ...silent.map((file) => `nothing names ${file}`),
  ]
}

export async function compareAnswers(
  cli: CliFolder,
  { evaluate = [] }: Answers,
  paths: readonly string[],
): Promise<string[]> {
  const stdin = evaluate.map(({ request }) => JSON.stringify(request)).join('\n')
  if (stdin === '') return []
  const ran = await cli.run(['evaluate', '--requests', '-', ...paths], { stdin })
  const answers = ran.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { verdict: string; assumptions: readonly string[] })
  return evaluate.flatMap(({ assumes = [], request, verdict }, index) => {
    const answer = answers[index]
    const text = JSON.stringify(answer?.assumptions ?? [])
    return [
      ...(verdict.split('|').includes(answer?.verdict ?? '')
        ? []
        : [`evaluate: ${answer?.verdict}, not ${verdict}: ${JSON.stringify(request)}`]),
      ...assumes
        .filter((part) => !text.includes(part))
        .map((part) => `evaluate does not assume "${part}"`),
    ]
  })
}

/** What is wrong with `explain`, `status` and `ztunnel-config`. */
export async function compareDescriptions(
  cli: CliFolder,
  { explain = [], status = [], ztunnel = [] }: Expected,
  paths: readonly string[],
): Promise<string[]> {
  const wrong: string[] = []
  for (const { object, ...texts } of explain) {
    const { out } = await cli.run(['explain', object, ...paths])
    wrong.push(
      ...compareText(out.replace(/\s+/g, ' '), texts).map((line) => `explain ${object} ${line}`),
    )
  }
  const rowsOf = async (...command: readonly string[]): Promise<Record<string, unknown>[]> =>
    JSON.parse((await cli.run([...command, '--format', 'json', ...paths])).out) as Record<
      string,
      unknown
    >[]
  const rows = status.length === 0 ? [] : await rowsOf('status')
  for (const { absent = false, ...values } of status)
    if (rows.some((row) => hasValues(row, values)) === absent)
      wrong.push(`status ${absent ? 'has' : 'lacks'} ${JSON.stringify(values)}`)
  for (const { has = [], hasNot = [], table } of ztunnel) {
    const printed = await rowsOf('ztunnel-config', table)
    const isThere = (values: object): boolean => printed.some((row) => hasValues(row, values))
    for (const values of has)
      if (!isThere(values)) wrong.push(`${table} lack ${JSON.stringify(values)}`)
    for (const values of hasNot)
      if (isThere(values)) wrong.push(`${table} have ${JSON.stringify(values)}`)
  }
  return wrong
}
