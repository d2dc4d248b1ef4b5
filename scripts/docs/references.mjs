// What a Markdown document names: links, paths in backticks, launch configurations.

/** The text without code blocks. */
export function withoutBlocks(text) {
  return text.replace(/^```[\s\S]*?^```$/gm, '')
}

/** Paths of the repository in backticks: they begin with a folder of it, or end like one of its files. */
export function pathsOf(prose, isFolder) {
  return [...prose.matchAll(/`([^`\n]+)`/g)]
    .map(([, code]) => code)
    .filter((code) => /^[\w@.-]+(?:\/[\w@.-]+)*\/?$/.test(code))
    .filter((code) => /\.(?:ts|mjs|cjs|md|png)$/.test(code) || isFolder(code.split('/')[0]))
}

/**
 * Identifiers of the code in backticks, such as `SourceMap`, `mesh.perQuery` and `compact()`: the last part of
 * each.
 */
export function identifiersOf(prose) {
  return [...prose.matchAll(/`(?:\w+\.)*(\w+)(?:\([\w, ]*\))?`/g)]
    .map(([, name]) => name)
    .filter((name) => /^[A-Za-z]*[a-z][A-Z]|^[A-Z][a-z]/.test(name))
}

/** Names in italics in paragraphs about `.vscode/launch.json` and `.vscode/tasks.json`. */
export function launchNamesOf(prose) {
  return prose
    .split(/\n\s*\n|\n(?=\s*- )/)
    .filter((paragraph) => /\.vscode\/(?:launch|tasks)\.json/.test(paragraph))
    .flatMap((paragraph) => italicsOf(paragraph))
}

/** Names in italics after the words "command" and "choose". */
export function commandNamesOf(prose) {
  return [...prose.matchAll(/\b(?:command|choose)\s+\*([^*]+)\*/g)].map(([, name]) => oneLine(name))
}

/** The words that a person reads. */
export function countWords(text) {
  const prose = withoutBlocks(text)
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/\]\([^)]*\)/g, ']')
  return prose.match(/[\p{L}\p{N}][^\s|]*/gu)?.length ?? 0
}

function italicsOf(text) {
  return [...text.matchAll(/(?<!\*)\*([^*]+)\*(?!\*)/g)].map(([, name]) => oneLine(name))
}

function oneLine(name) {
  return name.replace(/\s+/g, ' ')
}
