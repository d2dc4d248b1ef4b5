import type { RequestChange } from './requestCandidates.js'

/** The changes of a nearest miss: `method GET and client shop/web`. */
export function changesInWords(changes: readonly RequestChange[]): string {
  return changes
    .map(({ field, value }) => `${field === 'from' ? 'client' : field} ${value}`)
    .join(' and ')
}
