/** The places of edits: a keystroke adds a character at the end of the first match, the next one removes it. */
export const EDITS = {
  'principal of a policy': {
    pattern: /principals:\r?\n +- cluster\.local\/ns\/[a-z-]+\d*\/sa\/[a-z-]+/,
    typed: 'x',
  },
  'image of a workload': { pattern: /image: "registry\.example\.com\/[a-z]+/, typed: 'x' },
  'label of a pod template': {
    pattern: /version: v\d|template:\n {4}metadata:\n {6}labels:\n {8}app: \w+/,
    typed: 'x',
  },
  'line that breaks a document': {
    pattern: /kind: Deployment\r?\nmetadata:\r?\n {2}name: /,
    typed: '{',
  },
}

/** The offset of an edit in a text; undefined if the text has no such place. */
export function placeOf({ pattern }, text) {
  const match = pattern.exec(text)
  return match ? match.index + match[0].length : undefined
}

/**
 * Of files with their number of documents: the file that has a place for every edit and is nearest to the wanted
 * number.
 */
export function nearestFile(files, wanted) {
  const fit = files.filter(({ text }) =>
    Object.values(EDITS).every((edit) => placeOf(edit, text) !== undefined),
  )
  return fit.reduce((best, file) =>
    Math.abs(file.documents - wanted) < Math.abs(best.documents - wanted) ? file : best,
  )
}
