import type { Range } from '@istio-ambient-policy/shared'
import type { CheckReport, ReportedFinding } from '../checkReport.js'
import type { FailOn } from '../failOn.js'
import type { Style } from '../style.js'

/** What an output format may need beside the report. Files go by the names that the report gives them. */
export interface CheckFormatContext {
  /** Of this program. */
  readonly version: string
  readonly style: Style
  readonly failOn: FailOn
  /** Every file that was read. */
  readonly files: readonly string[]
  /** Everything that should have been read was. */
  readonly complete: boolean
  textOf(file: string): string | undefined
  /** The changes of text that the fixes of a finding make, without those that cannot be made safely. */
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
