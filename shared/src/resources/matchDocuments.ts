import type { DocumentSlice } from '../yaml/splitDocuments.js'
import type { FileDocument } from './fileFacts.js'

/**
 * The document of the previous version that each document of the new text continues; undefined for
 * a new document.
 *
 * ```text
 * previous   A B C D E
 * new text   A B X D E     C was edited: X continues C
 * new text   A B X Y D E   something was inserted: X and what follows it is new
 * ```
 *
 * Documents with equal texts are matched from the front and from the back. If as many are left
 * between on both sides, these are matched one by one. After a new document nothing is matched,
 * because serial numbers rise with the position in the file.
 */
export function matchDocuments(
  previous: readonly FileDocument[],
  slices: readonly DocumentSlice[],
): readonly (FileDocument | undefined)[] {
  const matches: (FileDocument | undefined)[] = slices.map(() => undefined)
  const shorter = Math.min(previous.length, slices.length)
  let front = 0
  while (front < shorter && previous[front]?.text === slices[front]?.text) {
    matches[front] = previous[front]
    front++
  }
  let back = 0
  while (
    back < shorter - front &&
    previous[previous.length - 1 - back]?.text === slices[slices.length - 1 - back]?.text
  ) {
    back++
    matches[slices.length - back] = previous[previous.length - back]
  }
  if (previous.length === slices.length)
    for (let index = front; index < slices.length - back; index++) matches[index] = previous[index]
  return untilFirstNew(matches)
}

function untilFirstNew(
  matches: readonly (FileDocument | undefined)[],
): readonly (FileDocument | undefined)[] {
  const firstNew = matches.indexOf(undefined)
  return firstNew < 0 ? matches : matches.slice(0, firstNew)
}
