import type { CheckFormat } from './checkFormat.js'
import { formatCheckText } from './checkText.js'
import { formatGithub } from './github.js'
import { formatGitlab } from './gitlab.js'
import { formatJunit } from './junit.js'
import { formatMarkdown } from './markdown.js'
import { formatSarif } from './sarif.js'
import { toJson } from './json.js'

/** Output formats of `check` by name; the first is the default. */
export const CHECK_FORMATS: Readonly<Record<string, CheckFormat>> = {
  text: formatCheckText,
  json: (report) => `${toJson(report, 2)}\n`,
  sarif: formatSarif,
  github: formatGithub,
  gitlab: formatGitlab,
  junit: formatJunit,
  markdown: formatMarkdown,
}

/** Whether a format contains the text changes of fixes. */
export function usesFixes(format: string): boolean {
  return CHECK_FORMATS[format] === formatSarif
}
