import type { Log, Result } from 'sarif'
import { toJson } from '../format/json.js'
import { sarifLocation, sarifLog } from '../format/sarif.js'
import type { DiffReport, ReportedChange } from './diffReport.js'
import { changeInWords } from './diffGithub.js'
import type { DiffContext } from './diffFormats.js'

const RULES = {
  gained: { level: 'warning', text: 'Requests are allowed that were denied before.' },
  lost: { level: 'note', text: 'Requests are denied that were allowed before.' },
  undecided: { level: 'note', text: 'These files do not decide whether requests are allowed.' },
} as const

/** SARIF 2.1.0: one result for each change. */
export function formatDiffSarif({ changes }: DiffReport, context: DiffContext): string {
  const kinds = [...new Set(changes.map(({ kind }) => kind))].sort()
  const log: Log = sarifLog(context, {
    rules: kinds.map((kind) => ({
      id: `access-${kind}`,
      shortDescription: { text: RULES[kind].text },
      defaultConfiguration: { level: RULES[kind].level },
    })),
    results: changes.map((change) => ({
      ...resultOf(change),
      ruleIndex: kinds.indexOf(change.kind),
    })),
  })
  return `${toJson(log, 2)}\n`
}

function resultOf(change: ReportedChange): Result {
  const { kind, because } = change
  const { file, range } = because.after.file === null ? because.before : because.after
  return {
    ruleId: `access-${kind}`,
    level: RULES[kind].level,
    message: { text: changeInWords(change) },
    ...(file === null || range === null ? {} : { locations: [sarifLocation(file, range)] }),
  }
}
