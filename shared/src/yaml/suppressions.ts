import type { Span } from '../text/lineIndex.js'
import { NONE } from '../text/collections.js'

const SUPPRESSION_WORD = 'ambient-policy-ignore'

/** The word in a new ignore comment that the author replaces with the reason. */
export const REASON_PLACEHOLDER = 'reason'

/** An ignore comment: `# ambient-policy-ignore <rule>[, <rule>…] -- <reason>`. */
export interface Suppression {
  readonly rules: readonly string[]
  /** Undefined without ` -- `. */
  readonly reason: string | undefined
  readonly span: Span
  /**
   * Zero-based line, relative to the document, to which the comment applies; undefined: the whole
   * document.
   */
  readonly line: number | undefined
}

const COMMENT =
  /#[ \t]*ambient-policy-ignore[ \t]+([a-z0-9-]+(?:[ \t]*,[ \t]*[a-z0-9-]+)*)(?:[ \t]+--([^]*))?[ \t]*$/

/** Whether the author still has to write the reason: the placeholder or nothing is there. */
export function lacksReason({ reason }: Suppression): boolean {
  return (
    reason !== undefined && ['', REASON_PLACEHOLDER, `<${REASON_PLACEHOLDER}>`].includes(reason)
  )
}

/**
 * The ignore comments of a document. A comment after a value applies to its own line. A comment on
 * a line of its own applies to the next line that is no comment, or to the whole document if that
 * is its first line.
 */
export function findSuppressions(text: string): readonly Suppression[] {
  if (!text.includes(SUPPRESSION_WORD)) return NONE
  const lines = text.split(/\r\n|\n|\r/)
  const first = lines.findIndex(
    (line) => line.trim() !== '' && !line.startsWith('---') && !line.trimStart().startsWith('#'),
  )
  const found: Suppression[] = []
  const nextContent = nextContentLines(lines)
  let offset = 0
  for (const [index, line] of lines.entries()) {
    const match = COMMENT.exec(line)
    if (match) {
      const alone = line.slice(0, match.index).trim() === ''
      const target = alone ? (nextContent[index] ?? lines.length) : index
      found.push({
        rules: (match[1] ?? '').split(',').map((rule) => rule.trim()),
        reason: match[2]?.trim(),
        span: { start: offset + match.index, end: offset + line.trimEnd().length },
        line: target === first ? undefined : target,
      })
    }
    offset += line.length + (text.startsWith('\r\n', offset + line.length) ? 2 : 1)
  }
  return found
}

/** For each line, the next line that is neither blank nor a comment. */
function nextContentLines(lines: readonly string[]): number[] {
  const result: number[] = []
  let next = lines.length
  for (let index = lines.length - 1; index >= 0; index--) {
    result[index] = next
    const line = lines[index]?.trimStart() ?? ''
    if (line !== '' && !line.startsWith('#')) next = index
  }
  return result
}
