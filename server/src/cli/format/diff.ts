import { FILE_HEADERS_ONLY, formatPatch, structuredPatch, type StructuredPatchHunk } from 'diff'

/** With more changed lines, it takes too long to find the shortest diff. */
const MAX_LINES = 1_000
const NO_LINE_END = '\\ No newline at end of file'

/** A unified diff for `git apply` and `patch -p1`. */
export function formatDiff(file: string, before: string, after: string): string {
  const shortest = structuredPatch(`a/${file}`, `b/${file}`, before, after, undefined, undefined, {
    context: 3,
    maxEditLength: MAX_LINES,
  })
  const patch = shortest ?? {
    oldFileName: `a/${file}`,
    newFileName: `b/${file}`,
    oldHeader: undefined,
    newHeader: undefined,
    index: undefined,
    hunks: [oneHunk(before, after)],
  }
  return formatPatch(patch, FILE_HEADERS_ONLY)
}

/** One hunk from the first to the last changed line. */
function oneHunk(before: string, after: string): StructuredPatchHunk {
  const [old, now] = [linesWithEnds(before), linesWithEnds(after)]
  const shorter = Math.min(old.length, now.length)
  let front = 0
  while (front < shorter && old[front] === now[front]) front++
  let back = 0
  while (back < shorter - front && old[old.length - 1 - back] === now[now.length - 1 - back]) back++
  const [removed, added] = [
    old.slice(front, old.length - back),
    now.slice(front, now.length - back),
  ]
  return {
    oldStart: front + 1,
    oldLines: removed.length,
    newStart: front + 1,
    newLines: added.length,
    lines: [...marked('-', removed), ...marked('+', added)],
  }
}

function linesWithEnds(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}

function marked(mark: string, lines: readonly string[]): string[] {
  return lines.flatMap((line) =>
    line.endsWith('\n') ? [mark + line.slice(0, -1)] : [mark + line, NO_LINE_END],
  )
}
