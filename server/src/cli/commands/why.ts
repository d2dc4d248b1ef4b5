import { explainLine } from '@istio-ambient-policy/shared'
import { formatWhyText, type ExplainedLines } from '../format/whyText.js'
import { CommandFailure, EXIT_FAILURE, EXIT_OK, type CliIo } from '../io.js'
import { loadWithFindings, type MeshWithFindings } from '../meshWithFindings.js'
import { displayPath } from '../paths.js'
import { readLogs } from '../readLogs.js'
import { createStyle } from '../style.js'
import { reportLine, type ReportedLine } from '../whyReport.js'
import { formatOption, PATHS_HELP, type AddCommand } from './commandLine.js'

const EXAMPLES = `
Examples:
  $ kubectl logs -n istio-system ds/ztunnel | grep "policy rejection" | ambient-policy why - deploy/
  $ kubectl logs deploy/waypoint -n shop | ambient-policy why - deploy/
  $ ambient-policy why 'rbac_access_denied_matched_policy[ns[shop]-policy[readers]-rule[0]]' deploy/

Logs: the access log of ztunnel and its messages about policies; the access log of a waypoint or sidecar; the debug
log "rbac" of Envoy. Text and JSON.`

/** Above this number of different lines, the nearest miss is not searched: it takes longer than the rest. */
const MAX_WITH_MISS = 20

/** `why`: explains lines of logs. JSON has one line for each. */
export const addWhy: AddCommand = (program, io, finish) => {
  program
    .command('why')
    .description(
      'explain a log line of ztunnel or Envoy: the policy, the rule and the YAML that decided',
    )
    .argument('<log>', 'file with log lines, "-" for standard input, or one log line')
    .argument('[paths...]', PATHS_HELP.oneMesh, ['.'])
    .addOption(formatOption(['text', 'json']))
    .addHelpText('after', EXAMPLES)
    .action(async (log: string, paths: string[], { format }: { readonly format: string }) => {
      finish(await why(io, { log, paths, format }))
    })
}

interface WhyOptions {
  readonly log: string
  readonly paths: readonly string[]
  readonly format: string
}

async function why(io: CliIo, { log, paths, format }: WhyOptions): Promise<number> {
  if (log === '-' && paths.includes('-'))
    throw new CommandFailure('standard input can be the log or the manifests, not both')
  const { lines, skipped } = await readLogs(io, log)
  const loaded = await loadWithFindings(io, paths)
  const explained = explainAll(io, lines, loaded)
  if (format === 'json') {
    const byLine = explained
      .flatMap(({ lines: numbers, explanation }) =>
        numbers.map((line) => ({ ...explanation, line })),
      )
      .sort((a, b) => a.line - b.line)
    io.out(byLine.map((each) => `${JSON.stringify(each)}\n`).join(''))
  } else
    io.out(
      formatWhyText(explained, skipped.length, {
        style: createStyle(io.colours),
        textOf: (file) => loaded.textOf(file),
      }),
    )
  return loaded.incomplete ? EXIT_FAILURE : EXIT_OK
}

/** Explains log lines. Lines that say the same are explained once. */
export function explainAll(
  io: Pick<CliIo, 'cwd'>,
  lines: readonly Parameters<typeof explainLine>[1][],
  { analysis, findings }: Pick<MeshWithFindings, 'analysis' | 'findings'>,
): ExplainedLines[] {
  const same = new Map<string, { lines: number[]; line: (typeof lines)[number] }>()
  for (const line of lines) {
    const key = JSON.stringify({ ...line, line: 0 })
    const known = same.get(key)
    if (known) known.lines.push(line.line)
    else same.set(key, { lines: [line.line], line })
  }
  const withNearestMiss = same.size <= MAX_WITH_MISS
  const display = (file: string): string => displayPath(io.cwd, file)
  return [...same.values()].map(({ lines: numbers, line }) => ({
    lines: numbers,
    explanation: reportLine(explainLine(analysis.mesh, line, { withNearestMiss }), {
      analysis,
      findings,
      display,
    }) satisfies ReportedLine,
  }))
}
