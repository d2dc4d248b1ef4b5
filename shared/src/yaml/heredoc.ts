import type { Span } from '../text/lineIndex.js'
import { NONE } from '../text/collections.js'

const DEBRIS =
  /^(?:(?:EOF|EOT|EOL|EOS|END|YAML|YML)[ \t]*|(?:\$[ \t]*)?(?:cat|kubectl|istioctl|oc)\b[^\n\r\u2028\u2029]*<<[^\n\r\u2028\u2029]*)$/gm

/** A text without any of these has no such line. */
const SIGNS = ['EO', 'END', 'YAML', 'YML', '<<']

/**
 * Lines at column 0 that are left over from a shell heredoc: a closing `EOF`, or the command that
 * opened it. No scalar of a manifest can contain such a line, because block text is indented.
 *
 * @returns the lines without their line breaks, in order. Spans are relative to `text`.
 */
export function findHeredocDebris(text: string): readonly Span[] {
  if (!SIGNS.some((sign) => text.includes(sign))) return NONE
  const debris = [...text.matchAll(DEBRIS)].map((match) => ({
    start: match.index,
    end: match.index + match[0].trimEnd().length,
  }))
  return debris.length > 0 ? debris : NONE
}

/** The text with these lines replaced by blanks, so that offsets stay the same. */
export function blankOutDebris(text: string, debris: readonly Span[]): string {
  let result = ''
  let done = 0
  for (const { start, end } of debris) {
    result += text.slice(done, start) + ' '.repeat(end - start)
    done = end
  }
  return result + text.slice(done)
}
