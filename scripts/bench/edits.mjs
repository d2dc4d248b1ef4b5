/** What is typed: a character at the end of the first match, and at the next keystroke away again. */
export const EDITS = {
  'principal of a policy': {
    pattern: /principals:\r?\n +- cluster\.local\/ns\/team-\d+\/sa\/[a-z]+/,
    typed: 'x',
  },
  'image of a workload': { pattern: /image: "registry\.example\.com\/[a-z]+/, typed: 'x' },
  'label of a pod template': { pattern: /version: v\d/, typed: 'x' },
  'line that breaks a document': {
    pattern: /kind: Deployment\r?\nmetadata:\r?\n {2}name: /,
    typed: '{',
  },
}

/** Where an edit stands in a text: the offset at which it types. Undefined where the text has no such place. */
export function placeOf({ pattern }, text) {
  const match = pattern.exec(text)
  return match ? match.index + match[0].length : undefined
}

/** Of some files with their number of documents, the one that is nearest to the wanted number and has what every edit changes. */
export function nearestFile(files, wanted) {
  const fit = files.filter(({ text }) =>
    Object.values(EDITS).every((edit) => placeOf(edit, text) !== undefined),
  )
  return fit.reduce((best, file) =>
    Math.abs(file.documents - wanted) < Math.abs(best.documents - wanted) ? file : best,
  )
}
