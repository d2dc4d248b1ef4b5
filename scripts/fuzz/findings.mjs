// The findings of an analysis, with checks that hold for all findings.

/** The findings of files with their ranges. Throws if a rule has crashed or if a finding has no place. */
export function findingsOf(analysis, files) {
  return files.flatMap((file) =>
    analysis.findingsOf(file).map((finding) => {
      if (finding.rule === 'internal-error') throw new Error(`A rule crashed: ${finding.message}`)
      const place = analysis.locate(finding.place)
      if (!place) throw new Error(`${finding.rule} has no place in ${file}.`)
      for (const related of finding.related)
        if (!analysis.locate(related.place))
          throw new Error(`${finding.rule} has a related fact without a place.`)
      return { file, finding, range: place.range }
    }),
  )
}

/** Whether a range is inside a text and its start is not after its end. */
export function liesIn({ start, end }, lines) {
  const within = ({ line, character }) =>
    line >= 0 && line < lines.length && character >= 0 && character <= lines[line].length
  return (
    within(start) &&
    within(end) &&
    (start.line < end.line || (start.line === end.line && start.character <= end.character))
  )
}

export function linesOf(text) {
  return text.split(/\n|\r(?!\n)/)
}
