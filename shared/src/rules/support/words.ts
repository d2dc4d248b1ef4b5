export { listed, quoted } from '../../text/words.js'

const LONGEST_MESSAGE = 140

/** The first wording of at most 140 characters, else the last one. */
export function firstThatFits(...wordings: readonly string[]): string {
  return (
    wordings.find((wording) => wording.length <= LONGEST_MESSAGE) ??
    wordings[wordings.length - 1] ??
    ''
  )
}
