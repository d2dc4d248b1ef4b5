/** Parts of texts that are commands of a terminal or of a workflow, or that change how other text is shown. */
export const PIECES = [
  ...[':', '::', '#', '##[', '[', ']', ' ', '\t', '\n', '\r', '%0A', ',', '=', '"', "'", '\\'],
  ...['error', 'add-mask', 'file=x', 'a', '-', '|', '`', '<', '&', '@a', '..', '$(x)', '{{x}}'],
  ...['\u001b[2J', '\u001b]0;', '\u0007', '\u009b', '\u0000', '\u200b', '\ufeff', '\u00ad'],
  ...['\u202e', '\u2066', '\u061c', '\u2028', '\u0085', '\u{e0041}', '\ud800', '😀', 'é'],
]

/** Replaces, repeats, moves or removes some parts of a text, or puts a piece into it. */
export function damage(text, random, pieces = PIECES) {
  const at = random.below(text.length + 1)
  const end = Math.min(text.length, at + random.pick([0, 0, 1, 2, 7, 40]))
  return random.pick([
    () => text.slice(0, at) + random.pick(pieces) + text.slice(end),
    () => text.slice(0, at) + random.pick(pieces) + text.slice(end),
    () => text.slice(0, at) + text.slice(end),
    () => text.slice(0, end) + text.slice(at),
    () => text.slice(0, at) + random.pick(pieces).repeat(1 + random.below(40)) + text.slice(at),
    () => text.slice(at) + text.slice(0, at),
  ])()
}

/** A text after some damage. */
export function damaged(text, random, { most = 6, pieces = PIECES } = {}) {
  let changed = text
  for (let left = random.below(most + 1); left > 0; left--)
    changed = damage(changed, random, pieces)
  return changed
}
