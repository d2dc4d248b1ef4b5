import type { World } from '../mesh/mesh.js'
import type { MeshSettings } from '../mesh/meshSettings.js'
import { Analysis } from '../analysis/analysis.js'
import type { Finding } from '../rules/finding.js'
import { INTERNAL_ERROR } from '../analysis/runRules.js'
import { readMarkers } from './markers.js'

/** File name → text. */
export type Files = Readonly<Record<string, string>>

export interface AnalyseOptions {
  readonly settings?: MeshSettings
  readonly world?: World
  readonly record?: boolean
  readonly workLimit?: number
}

/** The analysis of a workspace in memory. */
export function analyse(files: Files | string, options: AnalyseOptions = {}): Analysis {
  const given: Files = typeof files === 'string' ? { 'test.yaml': files } : files
  const analysis = new Analysis({
    settings: options.settings ?? {},
    world: options.world ?? 'open',
    levels: {},
    readText: (file) => given[file],
    record: options.record ?? false,
    workLimit: options.workLimit,
  })
  analysis.update(Object.entries(given).map(([file, text]) => ({ file, text, open: true })))
  return analysis
}

/** All findings of a workspace. Throws if a rule crashed. */
export function findingsOf(analysis: Analysis): Finding[] {
  const findings = [...analysis.files.keys()].flatMap((file) => analysis.findingsOf(file))
  const crashed = findings.find((finding) => finding.rule === INTERNAL_ERROR)
  if (crashed) throw new Error(crashed.message)
  return findings
}

/**
 * One line for each finding: `file:line:column-length level rule: message`, with numbers from 1,
 * sorted.
 */
export function describeFindings(analysis: Analysis): string[] {
  return findingsOf(analysis)
    .map((finding) => {
      const place = analysis.locate(finding.place)
      const { start, end } = place?.range ?? {
        start: { line: -1, character: 0 },
        end: { line: -1, character: 0 },
      }
      const length = start.line === end.line ? end.character - start.character : 0
      return `${place?.file ?? '?'}:${String(start.line + 1)}:${String(start.character + 1)}-${String(length)} ${finding.level} ${finding.rule}: ${finding.message}`
    })
    .sort()
}

export interface MarkedResult {
  readonly found: readonly string[]
  readonly expected: readonly string[]
}

/**
 * The findings that markers expect and those that were found, as equal lines where they agree:
 * `file:line:column-length rule: message`. A marker without a message accepts any.
 *
 * @param rules compare only the findings of these rules; all if absent.
 */
export function compareMarked(
  files: Files | string,
  options: AnalyseOptions & { readonly rules?: readonly string[] } = {},
): MarkedResult {
  const given: Files = typeof files === 'string' ? { 'test.yaml': files } : files
  const analysis = analyse(given, options)
  const markers = Object.entries(given).flatMap(([file, text]) =>
    readMarkers(text).map((marker) => ({ file, ...marker })),
  )
  const wanted = (rule: string): boolean =>
    options.rules === undefined || options.rules.includes(rule)
  const found = findingsOf(analysis)
    .filter((finding) => wanted(finding.rule))
    .map((finding) => {
      const place = analysis.locate(finding.place)
      const start = place?.range.start ?? { line: -1, character: 0 }
      const end = place?.range.end ?? start
      const length = start.line === end.line ? end.character - start.character : 0
      const marker = markers.find(
        (candidate) =>
          candidate.file === place?.file &&
          candidate.rule === finding.rule &&
          candidate.line === start.line &&
          candidate.character === start.character,
      )
      return line(place?.file ?? '?', {
        line: start.line,
        character: start.character,
        length,
        rule: finding.rule,
        message: marker && marker.message === undefined ? undefined : finding.message,
      })
    })
  return {
    found: found.sort(),
    expected: markers
      .filter(({ rule }) => wanted(rule))
      .map(({ file, ...marker }) => line(file, marker))
      .sort(),
  }
}

function line(
  file: string,
  at: {
    line: number
    character: number
    length: number
    rule: string
    message: string | undefined
  },
): string {
  return `${file}:${String(at.line + 1)}:${String(at.character + 1)}-${String(at.length)} ${at.rule}${at.message === undefined ? '' : `: ${at.message}`}`
}
