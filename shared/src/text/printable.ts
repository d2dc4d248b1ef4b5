/**
 * Control characters, invisible format characters (bidirectional controls, zero-width spaces, byte order marks), line
 * separators and lone surrogates. The joiners of emoji and of scripts stay.
 */
const UNPRINTABLE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu

/**
 * Text of a repository on one line that can be shown anywhere: it cannot move the cursor, change the direction of other
 * text, hide a part of it or start a new line. Each such character becomes `�`, a tab becomes a space.
 */
export function printable(text: string): string {
  return text.replaceAll('\t', ' ').replace(UNPRINTABLE, '\ufffd')
}
