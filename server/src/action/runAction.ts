import type { CheckReport } from '../cli/checkReport.js'
import { CommandFailure, EXIT_FAILURE, EXIT_OK, type ProcessIo } from '../cli/io.js'
import { workflowCommand } from '../cli/format/github.js'
import { MAX_CHARACTERS } from '../cli/format/markdown.js'
import { absolutePath } from '../cli/paths.js'
import { runCli } from '../cli/program.js'
import type { TestReport } from '../cli/test/testReport.js'
import { readActionInputs, type ActionInputs, type Environment } from './actionInputs.js'

/** The files of a step on a runner. The runner reads them when the step ends. */
export interface StepFiles {
  /** Adds Markdown to the summary of the run. */
  addSummary(markdown: string): void
  /** Sets an output of the step. Values have one line. */
  setOutput(name: string, value: string): void
}

/** Files that only this process has: reports that go on to the summary and the outputs. */
const SUMMARY = '/.ambient-policy-action/summary.md'
const COUNTS = '/.ambient-policy-action/counts.json'

/**
 * Runs the action: one check with all its outputs, then the policy tests, then the comparison of access if there is a
 * `diff-base`. The check and the comparison share the comment.
 *
 * @returns the exit status of the step: the highest of its parts.
 */
export async function runAction(env: Environment, io: ProcessIo, step: StepFiles): Promise<number> {
  let inputs: ActionInputs
  try {
    inputs = readActionInputs(env)
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error
    io.warn(error.message)
    annotate(io, error.message)
    return EXIT_FAILURE
  }
  const { diffBase, markdown } = inputs
  const isShared = diffBase !== undefined && markdown !== undefined
  const reporting = isShared ? { ...io, maxMarkdown: MAX_CHARACTERS / 2 } : io
  const parts = [
    await part(reporting, (each) => check(inputs, each, step)),
    await part(io, (each) => test(inputs, each, step)),
    ...(diffBase === undefined
      ? []
      : [
          await part(reporting, (each) =>
            compareAccess(inputs, { io: each, step, base: diffBase }),
          ),
        ]),
  ]
  return Math.max(...parts)
}

/** Runs a part of the action. If it fails, an annotation names the cause, which its last line says. */
async function part(io: ProcessIo, run: (io: ProcessIo) => Promise<number>): Promise<number> {
  let last = ''
  const warn = (line: string): void => {
    last = line
    io.warn(line)
  }
  const status = await run({ ...io, warn })
  if (status === EXIT_FAILURE) annotate(io, last)
  return status
}

/** The page of a run shows annotations, and its log only on request. */
function annotate(io: ProcessIo, cause: string): void {
  io.out(`${workflowCommand('error', { title: 'Ambient Policy' }, cause)}\n`)
}

async function check(inputs: ActionInputs, io: ProcessIo, step: StepFiles): Promise<number> {
  const { output, sarif, markdown, junit, baseline, settings, format } = inputs
  const files = [
    ['markdown', SUMMARY],
    ['json', COUNTS],
    ['sarif', sarif],
    ['markdown', markdown],
    ['junit', junit],
    [format, output],
  ] as const
  const args = [
    'check',
    `--fail-on=${inputs.failOn}`,
    `--format=${format}`,
    ...files.flatMap(([as, file]) => (file === undefined ? [] : [`--output=${as}=${file}`])),
    ...(baseline === undefined ? [] : [`--baseline=${baseline}`]),
    ...(settings === undefined ? [] : [`--settings=${settings}`]),
    ...(inputs.strict ? ['--strict'] : []),
    '--',
    ...inputs.paths,
  ]
  const reports = new Map<string, string>()
  const status = await runCli(args, {
    ...withReports(io, reports),
    ...(output === undefined ? {} : { out: () => undefined }),
  })
  const summary = reports.get(SUMMARY)
  if (summary !== undefined) step.addSummary(summary)
  setCounts(reports.get(COUNTS), step)
  for (const [name, file] of Object.entries({ sarif, markdown, junit }))
    if (file !== undefined && reports.has(absolutePath(io.cwd, file))) step.setOutput(name, file)
  return status
}

/** An `io` that keeps the reports for the summary and the outputs in memory, and the names of the written files. */
function withReports(io: ProcessIo, reports: Map<string, string>): ProcessIo {
  return {
    ...io,
    host: {
      ...io.host,
      writeFile: (path, bytes) => {
        if (path.endsWith(SUMMARY) || path.endsWith(COUNTS))
          reports.set(path.endsWith(SUMMARY) ? SUMMARY : COUNTS, Buffer.from(bytes).toString())
        else {
          io.host.writeFile(path, bytes)
          reports.set(path, '')
        }
      },
    },
  }
}

function setCounts(json: string | undefined, step: StepFiles): void {
  if (json === undefined) return
  const { summary } = JSON.parse(json) as CheckReport
  step.setOutput('errors', String(summary.error))
  step.setOutput('warnings', String(summary.warning))
}

/** The policy tests: annotations in the log, and Markdown in the summary. */
async function test(
  { tests, settings }: ActionInputs,
  io: ProcessIo,
  step: StepFiles,
): Promise<number> {
  if (tests.length === 0) return EXIT_OK
  const run = async (format: string, more: Partial<ProcessIo>): Promise<number> =>
    runCli(
      [
        'test',
        `--format=${format}`,
        ...(settings === undefined ? [] : [`--settings=${settings}`]),
        '--',
        ...tests,
      ],
      { ...io, ...more },
    )
  const status = await run('github', {})
  const collect = async (format: string): Promise<string> => {
    let text = ''
    await run(format, {
      warn: () => undefined,
      out: (part) => {
        text += part
      },
    })
    return text
  }
  const json = await collect('json')
  if (json === '') return status
  step.addSummary(await collect('markdown'))
  const { summary } = JSON.parse(json) as TestReport
  step.setOutput('tests-failed', String(summary.failed))
  return status
}

/** The access that a pull request adds or removes: annotations in the log, and Markdown in the summary. */
async function compareAccess(
  { paths, diffFailOn, markdown }: ActionInputs,
  { io, step, base }: { readonly io: ProcessIo; readonly step: StepFiles; readonly base: string },
): Promise<number> {
  const args = (format: string, failOn: string): string[] => [
    'diff',
    `--git=${base}...HEAD`,
    `--format=${format}`,
    `--fail-on=${failOn}`,
    '--',
    ...paths,
  ]
  const status = await runCli(args('github', diffFailOn), io)
  if (status === EXIT_FAILURE) return status
  let comment = ''
  await runCli(args('markdown', 'never'), {
    ...io,
    warn: () => undefined,
    out: (text) => {
      comment += text
    },
  })
  step.addSummary(comment)
  if (markdown !== undefined) appendComment(io, markdown, comment)
  step.setOutput('access-changed', String(status !== 0))
  return status
}

/** Adds the comparison to the comment file that the check has written. */
function appendComment(io: ProcessIo, file: string, comment: string): void {
  const path = absolutePath(io.cwd, file)
  const before = io.host.readFile(path, MAX_COMMENT_BYTES)
  if (before === 'too-large') return
  io.host.writeFile(path, Buffer.concat([before, Buffer.from(`\n${comment}`)]))
}

const MAX_COMMENT_BYTES = 10_000_000
