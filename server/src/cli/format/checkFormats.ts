import type { FormatName } from './formatNames.js'
import type { CheckFormat } from './checkFormat.js'
import { formatCheckText } from './checkText.js'
import { formatGithub } from './github.js'
import { formatGitlab } from './gitlab.js'
import { formatJunit } from './junit.js'
import { formatMarkdown } from './markdown.js'
import { toJson } from './json.js'

/** The formats that are loaded with the command. SARIF has the pages of all rules. */
const LOADED: Readonly<Record<Exclude<FormatName<'check'>, 'sarif'>, CheckFormat>> = {
  text: formatCheckText,
  json: (report) => `${toJson(report, 2)}\n`,
  github: formatGithub,
  gitlab: formatGitlab,
  junit: formatJunit,
  markdown: formatMarkdown,
}

/** An output format of `check`. */
export async function checkFormat(name: FormatName<'check'>): Promise<CheckFormat> {
  if (name !== 'sarif') return LOADED[name]
  const { formatSarif } = await import('./sarif.js')
  return formatSarif
}

/** Whether a format contains the text changes of fixes. */
export function usesFixes(format: FormatName<'check'>): boolean {
  return format === 'sarif'
}
