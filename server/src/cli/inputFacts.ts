import { problemInWords, type ScanProblem } from '../workspace/scanStep.js'
import type { RenderedChart } from './charts.js'
import type { MeshInput } from './inputs.js'
import type { CliIo } from './io.js'
import {
  excludedFiles,
  notReadFiles,
  warnAboutNotRead,
  type NotRead,
  type NotReadReason,
} from './notRead.js'
import { displayPath } from './paths.js'
import { TemplatePlaces, type PlaceOf } from './places.js'

/** What the texts of an input decide about its report, apart from the findings. */
export interface InputFacts {
  /** How the files are read. */
  readonly notices: readonly string[]
  readonly problems: readonly ScanProblem[]
  /** The parts of texts that take no part in the analysis. */
  readonly parts: readonly NotRead[]
  /** The files with `# Source:` comments. */
  readonly withSource: ReadonlySet<string>
  /** The folders of charts that are among the files. */
  chartFolders(): readonly string[]
}

/** How an input is reported. */
export interface InputReport {
  /** Whether a file could not be read. Standard error has the reason. */
  readonly incomplete: boolean
  /** What takes no part in the analysis. Files that settings of the command line exclude are left out. */
  readonly notRead: readonly NotRead[]
  /** The names of the rules that the settings disable. */
  readonly rulesOff: readonly string[]
  /** A place in a file, or in the template of a rendered file. */
  readonly placeOf: PlaceOf
}

/** The documents that a notice names for each command, because nothing else in its output does. */
export const NAMED: readonly NotReadReason[] = ['kind', 'invalid']
/** The same for a command that prints findings: they have the errors of syntax. */
export const NAMED_WITH_FINDINGS: readonly NotReadReason[] = ['kind']

/** Prints the notices and problems of an input to standard error. */
export function inputReport(
  io: CliIo,
  input: MeshInput,
  facts: InputFacts,
  {
    textOf,
    charts,
    named,
  }: {
    readonly textOf: (file: string) => string | undefined
    readonly charts: readonly RenderedChart[]
    readonly named: readonly NotReadReason[]
  },
): InputReport {
  const { notices, problems, parts, withSource } = facts
  for (const notice of notices) io.warn(notice)
  warnAboutNotRead(
    io,
    parts.filter(({ reason }) => named.includes(reason)),
  )
  for (const problem of problems)
    io.warn(problemInWords(problem, (path) => displayPath(io.cwd, path)))
  const { settings, folder } = input
  const places = new TemplatePlaces({
    io,
    charts,
    textOf,
    mayNameSource: (file) => withSource.has(file),
    chartFolders: () => facts.chartFolders(),
    roots: [folder, io.cwd],
  })
  return {
    incomplete: problems.some(({ severity }) => severity === 'failure'),
    notRead: [
      ...notReadFiles(problems),
      ...(input.ownSettings === true ? excludedFiles(io, input.paths, { settings, folder }) : []),
      ...parts,
    ],
    rulesOff: Object.keys(settings.rules).filter((rule) => settings.rules[rule] === 'off'),
    placeOf: (file, range) => places.of(file, range),
  }
}
