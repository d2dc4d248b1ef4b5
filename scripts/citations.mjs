// @ts-check
/** Citations of sections (`docs/semantics.md §2.1, §2.2`) in comments and documents, and the sections that exist. */

/**
 * @typedef {object} Citation
 * @property {string} document `docs/semantics.md`, `YAML 1.2.2`, … as written; '' where no document precedes the `§`
 * @property {string} section `2.1`
 * @property {number} line counted from 1
 */

const SECTION = /§(\d+(?:\.\d+)*)/
/** A document with its first section, or a `§` without a document. */
const FIRST = new RegExp(`(?:([\\w./-]*\\.md|YAML 1\\.2\\.2) )?${SECTION.source}`, 'g')
/** Another section of the document before it. */
const NEXT = new RegExp(`^(?:, | and |–)${SECTION.source}`)
/** The end of a line and what begins the next line of a comment. */
const LINE_BREAK = /[ \t]*\r?\n[ \t]*(?:\*(?!\/)|\/\/|#)?[ \t]*/g

/**
 * @param {string} text
 * @returns {Citation[]} in the order of the text
 */
export function citationsIn(text) {
  const { joined, lineAt } = joinLines(text)
  /** @type {Citation[]} */
  const citations = []
  FIRST.lastIndex = 0
  for (let match = FIRST.exec(joined); match; match = FIRST.exec(joined)) {
    const [, document = '', section = ''] = match
    citations.push({ document, section, line: lineAt(FIRST.lastIndex - 1) })
    for (
      let next = NEXT.exec(joined.slice(FIRST.lastIndex));
      next;
      next = NEXT.exec(joined.slice(FIRST.lastIndex))
    ) {
      FIRST.lastIndex += next[0].length
      citations.push({ document, section: next[1] ?? '', line: lineAt(FIRST.lastIndex - 1) })
    }
  }
  return citations
}

/**
 * Makes one line of a text, because a citation can continue on the next line of a comment.
 *
 * @param {string} text
 */
function joinLines(text) {
  /** Offsets in the joined text at which lines begin. @type {number[]} */
  const starts = [0]
  let joined = ''
  let from = 0
  for (const { 0: lineBreak, index } of text.matchAll(LINE_BREAK)) {
    joined += `${text.slice(from, index)} `
    from = index + lineBreak.length
    for (let count = lineBreak.split('\n').length - 1; count > 0; count--)
      starts.push(joined.length)
  }
  joined += text.slice(from)
  return {
    joined,
    /** @param {number} offset */
    lineAt: (offset) => starts.filter((start) => start <= offset).length,
  }
}

/**
 * The numbered sections of a Markdown document.
 *
 * @param {string} markdown
 * @returns {Set<string>} `2`, `2.1`, …
 */
export function sectionsOf(markdown) {
  return new Set(headingsOf(markdown).flatMap((heading) => /^\d+(?:\.\d+)*/.exec(heading) ?? []))
}

/**
 * The anchors of a Markdown document, as GitHub makes them of its headings.
 *
 * @param {string} markdown
 * @returns {Set<string>}
 */
export function anchorsOf(markdown) {
  return new Set(headingsOf(markdown).map(anchorOf))
}

/**
 * The anchor of a heading, as GitHub makes it.
 *
 * @param {string} heading
 */
export function anchorOf(heading) {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_\- ]/gu, '')
    .replaceAll(' ', '-')
}

/**
 * @param {string} markdown
 * @returns {string[]} without `#`
 */
function headingsOf(markdown) {
  return [...withoutCode(markdown).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) =>
    heading.trim(),
  )
}

/**
 * The targets of the links of a Markdown document that do not leave the repository.
 *
 * @param {string} markdown
 * @returns {string[]} `#anchor`, `path` or `path#anchor`
 */
export function linksIn(markdown) {
  const text = withoutCode(markdown).replace(/`[^`\n]*`/g, '')
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
}

/**
 * Leaves out blocks of code.
 *
 * @param {string} markdown
 */
function withoutCode(markdown) {
  return markdown.replace(/^```[\s\S]*?^```/gm, '')
}
