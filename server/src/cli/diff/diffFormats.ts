import type { FormatName } from '../format/formatNames.js'
import { toJson } from '../format/json.js'
import type { Style } from '../style.js'
import { formatDiffGithub } from './diffGithub.js'
import { formatDiffMarkdown } from './diffMarkdown.js'
import type { DiffReport } from './diffReport.js'
import { formatDiffSarif } from './diffSarif.js'
import { formatDiffText } from './diffText.js'

/** What a format of `diff` can use in addition to the report. */
export interface DiffContext {
  /** The version of this program. */
  readonly version: string
  /** The longest Markdown, in characters. */
  readonly maxMarkdown?: number | undefined
  readonly style: Style
  /** Whether all files could be read. */
  readonly complete: boolean
  /** The paths of the files after the change, for a command that evaluates an example. */
  readonly paths: readonly string[]
}

type DiffFormat = (report: DiffReport, context: DiffContext) => string

/** The formats of `diff`. */
export const DIFF_FORMATS: Readonly<Record<FormatName<'diff'>, DiffFormat>> = {
  text: formatDiffText,
  json: (report) => `${toJson(report, 2)}\n`,
  markdown: formatDiffMarkdown,
  sarif: formatDiffSarif,
  github: formatDiffGithub,
}
