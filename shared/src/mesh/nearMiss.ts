/** No name in Kubernetes is longer. */
export const LONGEST_NAME = 253

/**
 * The candidate of which a name is probably a misspelling: the closest by edits, with at most two
 * edits and at most one for every three letters. Undefined where no candidate is so close.
 *
 * @param accepts whether a close candidate counts.
 */
export function nearMiss(
  name: string,
  candidates: Iterable<string>,
  accepts: (candidate: string) => boolean = () => true,
): string | undefined {
  if (name.length > LONGEST_NAME) return undefined
  const limit = mostEdits(name)
  let best: string | undefined
  let bestDistance = limit + 1
  for (const candidate of candidates) {
    const distance = editDistance(name, candidate, bestDistance)
    if (distance > 0 && distance < bestDistance && accepts(candidate)) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** With how many edits a name is still a misspelling. */
export function mostEdits(name: string): number {
  return Math.min(2, Math.floor(name.length / 3))
}

/**
 * Optimal string alignment distance; `limit` or more where it is not below the limit. Equal
 * beginnings and ends cost nothing, and most names differ in more letters than the limit allows.
 */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  const shorter = Math.min(a.length, b.length)
  let start = 0
  while (start < shorter && a.charCodeAt(start) === b.charCodeAt(start)) start++
  let end = 0
  while (
    end < shorter - start &&
    a.charCodeAt(a.length - 1 - end) === b.charCodeAt(b.length - 1 - end)
  )
    end++
  return distanceByTable(a.slice(start, a.length - end), b.slice(start, b.length - end), limit)
}

function distanceByTable(a: string, b: string, limit: number): number {
  if (a === '' || b === '') return Math.max(a.length, b.length)
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, substitution)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1)
      row.push(cost)
    }
    // A transposition reaches back over two rows.
    if (Math.min(...row) >= limit && Math.min(...last) >= limit) return limit
    beforeLast = last
    last = row
  }
  return last[b.length] ?? limit
}
