import { DIFF_FORMATS } from '../diff/diffFormats.js'
import { comparePairs, diffReport } from '../diff/diffReport.js'
import { gateOf } from '../diff/gate.js'
import { requestChanges } from '../diff/requestChanges.js'
import { readFolders, readRevisions, type Sides } from '../diff/sides.js'
import { toJson } from '../format/json.js'
import { CommandFailure, EXIT_FAILURE, EXIT_FINDINGS, EXIT_OK, type CliIo } from '../io.js'
import { failsStrictly, type NotRead } from '../notRead.js'
import { readRequests } from '../readRequests.js'
import { createStyle } from '../style.js'
import type { DiffOptions } from '../commands/diff.js'

export async function diff(
  given: CliIo,
  paths: readonly string[],
  options: DiffOptions,
): Promise<number> {
  const io = warningOnce(given)
  const sides = await readSides(io, paths, options)
  const compared = await comparePairs(io, sides)
  const complete = !sides.before.incomplete && !sides.after.incomplete
  const report = diffReport(sides, compared, { moved: options.moved === true })
  if (options.requests !== undefined) {
    const lines = requestChanges(compared, await readRequests(io, options.requests))
    io.out(lines.map((line) => `${toJson(line)}\n`).join(''))
  } else {
    const format = DIFF_FORMATS[options.format]
    const print = (text: string): void => {
      if (options.format === 'github') io.outCommands(text)
      else io.out(text)
    }
    print(
      format(report, {
        version: io.version,
        maxMarkdown: io.maxMarkdown,
        style: createStyle(io.colours),
        complete,
        paths: sides.after.paths ?? paths,
      }),
    )
  }
  const isRefused = failsStrictly(io, options, notReadOf(sides))
  if (!complete) return EXIT_FAILURE
  if (options.strict === true)
    for (const { what, reason } of report.notComparable)
      io.warn(`${what} is not compared: ${reason} (--strict)`)
  if (isRefused || (options.strict === true && report.notComparable.length > 0)) return EXIT_FAILURE
  const gate = gateOf(compared, options.failOn)
  for (const reason of gate.reasons) io.warn(`--fail-on ${options.failOn}: ${reason}`)
  return gate.fails ? EXIT_FINDINGS : EXIT_OK
}

/** Both sides often have the same notices. */
function warningOnce(io: CliIo): CliIo {
  const shown = new Set<string>()
  return {
    ...io,
    warn: (line) => {
      if (!shown.has(line)) io.warn(line)
      shown.add(line)
    },
  }
}

/** What both sides do not read. A file that has the same name on both sides is named once. */
function notReadOf({ before, after }: Sides): readonly NotRead[] {
  const all = [...before.notRead, ...after.notRead]
  return [...new Map(all.map((part) => [JSON.stringify(part), part])).values()]
}

async function readSides(
  io: CliIo,
  paths: readonly string[],
  { git }: DiffOptions,
): Promise<Sides> {
  if (git !== undefined) return readRevisions(io, git, paths.length === 0 ? ['.'] : paths)
  const [before, after, ...others] = paths
  if (before === undefined || after === undefined || others.length > 0)
    throw new CommandFailure('diff needs two paths, before and after, or --git BASE...HEAD')
  return readFolders(io, before, after)
}
