import type { Mesh } from '../mesh/mesh.js'
import { explainLine, type LineExplanation } from './explainLine.js'
import type { LogLine } from './logLine.js'

/** Above this number of different lines, the nearest miss is not searched: it takes longer than the rest. */
const MAX_WITH_MISS = 20

/** The explanation of lines with the same content. */
export interface ExplainedLines {
  /** Their numbers. */
  readonly lines: readonly number[]
  readonly explanation: LineExplanation
}

/**
 * Explains the lines of a log. Lines with the same content are explained once. The mesh must be closed: its files are
 * the whole mesh.
 */
export function explainLines(mesh: Mesh, lines: readonly LogLine[]): ExplainedLines[] {
  const same = differentLines(lines)
  const withNearestMiss = same.length <= MAX_WITH_MISS
  return same.map(({ numbers, line }) => ({
    lines: numbers,
    explanation: explainLine(mesh, line, { withNearestMiss }),
  }))
}

/** The lines with different contents, each with the numbers of the lines that have it. */
export function differentLines(
  lines: readonly LogLine[],
): { readonly line: LogLine; readonly numbers: readonly number[] }[] {
  const same = new Map<string, { line: LogLine; numbers: number[] }>()
  for (const line of lines) {
    const key = JSON.stringify({ ...line, line: 0 })
    const known = same.get(key)
    if (known) known.numbers.push(line.line)
    else same.set(key, { line, numbers: [line.line] })
  }
  return [...same.values()]
}
