import { explainLines, groupBy, type LogLine } from '@istio-ambient-policy/shared'
import { toJson } from '../format/json.js'
import { formatWhyText, type ExplainedLines } from '../format/whyText.js'
import { CommandFailure, EXIT_FAILURE, EXIT_OK, type CliIo } from '../io.js'
import { loadWithFindings, type MeshWithFindings } from '../meshWithFindings.js'
import type { InputOptions } from '../inputs.js'
import { failsStrictly } from '../notRead.js'
import { readLogs } from '../readLogs.js'
import { createStyle } from '../style.js'
import { reportLine, type ReportedLine } from '../whyReport.js'
import {
  addInputOptions,
  formatOption,
  PATHS_HELP,
  strictOption,
  type AddCommand,
} from './commandLine.js'

const EXAMPLES = `
Examples:
  $ kubectl logs -n istio-system ds/ztunnel | grep "policy rejection" | ambient-policy why - deploy/
  $ kubectl logs deploy/waypoint -n shop | ambient-policy why - deploy/
  $ ambient-policy why 'rbac_access_denied_matched_policy[ns[shop]-policy[readers]-rule[0]]' deploy/

Logs: the access log of ztunnel and its messages about policies; the access log of a waypoint or sidecar; the debug
log "rbac" of Envoy. Text and JSON.`

/** `why`: explains lines of logs. JSON has one line for each. */
export const addWhy: AddCommand = (program, io, finish) => {
  const command = program
    .command('why')
    .description(
      'explain a log line of ztunnel or Envoy: the policy, the rule and the YAML that decided',
    )
    .argument('<log>', 'file with log lines, "-" for standard input, or one log line')
    .argument('[paths...]', PATHS_HELP.oneMesh, ['.'])
    .addOption(formatOption(['text', 'json']))
    .addOption(strictOption())
  addInputOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (log: string, paths: string[], options: Omit<WhyOptions, 'paths'>) => {
      finish(await why(io, log, { ...options, paths }))
    })
}

interface WhyOptions extends InputOptions {
  readonly strict?: boolean
  readonly paths: readonly string[]
  readonly format: string
}

async function why(io: CliIo, log: string, options: WhyOptions): Promise<number> {
  const { paths, format } = options
  if (log === '-' && paths.includes('-'))
    throw new CommandFailure('standard input can be the log or the manifests, not both')
  const { lines, skipped } = await readLogs(io, log)
  const loaded = await loadWithFindings(io, paths, options)
  const explained = explainAll(lines, loaded)
  if (format === 'json') {
    const byLine = explained
      .flatMap(({ lines: numbers, explanation }) =>
        numbers.map((line) => ({ ...explanation, line })),
      )
      .sort((a, b) => a.line - b.line)
    io.out(byLine.map((each) => `${toJson(each)}\n`).join(''))
  } else
    io.out(
      formatWhyText(explained, skipped.length, {
        style: createStyle(io.colours),
        textOf: (file) => loaded.textOf(file),
      }),
    )
  return failsStrictly(io, options, loaded.notRead) || loaded.incomplete ? EXIT_FAILURE : EXIT_OK
}

function explainAll(
  lines: readonly LogLine[],
  { analysis, findings, placeOf }: MeshWithFindings,
): ExplainedLines[] {
  const explained = explainLines(analysis.mesh, lines).map(({ lines: numbers, explanation }) => ({
    numbers,
    explanation: reportLine(explanation, { analysis, findings, placeOf }),
  }))
  return groupByAnswer(explained)
}

/** Lines of different clients can have the same answer. */
function groupByAnswer(
  explained: readonly { readonly numbers: readonly number[]; readonly explanation: ReportedLine }[],
): ExplainedLines[] {
  const groups = groupBy(explained, ({ explanation }) =>
    JSON.stringify({ ...explanation, line: 0 }),
  )
  return [...groups.values()].flatMap((group) => {
    const lines = group.flatMap(({ numbers }) => numbers).sort((a, b) => a - b)
    const [first] = group
    return first ? [{ lines, explanation: first.explanation }] : []
  })
}
