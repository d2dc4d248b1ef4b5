import type { Range } from '@istio-ambient-policy/shared'
import type { CheckReport, ReportedFinding } from '../checkReport.js'
import type { FailOn } from '../failOn.js'
import type { Style } from '../style.js'

/** What an output format can use in addition to the report. Files have the same names as in the report. */
export interface CheckFormatContext {
  /** The version of this program. */
  readonly version: string
  /** The address of rule pages on the web, with `{rule}`; undefined if there is none. */
  readonly rulePages?: string | undefined
  /** The longest Markdown, in characters. */
  readonly maxMarkdown?: number | undefined
  readonly style: Style
  readonly failOn: FailOn
  /** All files that were read. */
  readonly files: readonly string[]
  /** Whether all files could be read. */
  readonly complete: boolean
  /** Whether the command has printed what was not read. */
  readonly strict: boolean
  textOf(file: string): string | undefined
  /** The text changes of the fixes of a finding. Fixes that cannot be made safely are left out. */
  fixesOf(finding: ReportedFinding): readonly RenderedFix[]
}

export interface RenderedFix {
  readonly title: string
  readonly files: readonly {
    readonly file: string
    readonly edits: readonly { readonly range: Range; readonly newText: string }[]
  }[]
}

export type CheckFormat = (report: CheckReport, context: CheckFormatContext) => string
