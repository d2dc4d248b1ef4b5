// npm run lint:prose: finds words that are difficult for readers whose first language is not English, in messages,
// pages, comments, settings and documents. Prints file:line, the words, and what to write instead. Exit status 1 if
// it finds any.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

const require = createRequire(import.meta.url)
const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** What is refused, and what to write instead. Names of rules (`waypoint-identity-admits-all`) are no prose. */
const REFUSED = [
  [/somebody|someone|whoever|whomever/, 'name the client, the pod or the reader'],
  [/nobody/, '"no client", "no workload", "nothing"'],
  [/everybody/, '"every client"'],
  [/whatever|whichever|howsoever|whatsoever/, 'name it'],
  [
    /therein|thereof|thereby|wherein|whereof|whereby|hereby|henceforth|hitherto|upon|shall/,
    'a word of today',
  ],
  [/admits?|admitted|admitting/, '"allow"'],
  [/obeys?|obeyed/, '"apply" or "follow"'],
  [/speaks? of|speaking of/, '"mention", "concern" or "name"'],
  [/(?:is|are) asked of/, 'say who must do what'],
  [/goes by|go by|going by/, '"uses", "depends on" or "compares"'],
  [/(?<!followed |decided |caused |made |read |used |written |done )by it/, 'name the thing'],
  [/as it was sent|as they were sent/, '"unchanged"'],
  [/(?:is|are|was|were) meant/, 'say what it does'],
  [/in force/, '"that apply" or "applied"'],
  [/taken to be|taken as/, '"assumed"'],
  [/but for/, '"except"'],
  [/comes? along/, '"arrive" or "are sent too"'],
  [/without (?:a word|ado|more ado)/, '"silently"'],
  [/out of hand/, '"at once"'],
  [/stands? (?:in|at|on|here|there|where|beside|before|after|above|below)/, '"is" or "is written"'],
  [/gets? through|lets? through|let through/, '"is allowed", "allows"'],
  [/goes? round|past the waypoint|past this waypoint/, '"bypass"'],
  [/is told|are told|tells of|tell of/, '"shows", "reports" or "is known"'],
  [/of its own accord|for good reason|to and fro/, 'leave it out'],
  [/what is many|not a few/, 'a number'],
]

const patternOf = (source, flags) => new RegExp(`(?<![\\w-])(?:${source})(?![\\w-])`, flags)
const PATTERNS = REFUSED.map(([words, instead]) => ({
  pattern: patternOf(words.source, 'gi'),
  instead,
}))
const ANY = patternOf(REFUSED.map(([words]) => words.source).join('|'), 'i')

/** The refused words in a text, in its order: `{ index, words, instead }`. */
export function refusedIn(text) {
  const found = PATTERNS.flatMap(({ pattern, instead }) =>
    [...text.matchAll(pattern)].map(({ index, 0: words }) => ({ index, words, instead })),
  )
  return found.sort((a, b) => a.index - b.index)
}

/** The prose of a Markdown text: code is blanked, lines keep their places. */
export function proseOfMarkdown(text) {
  const blank = (code) => code.replace(/[^\n]/g, ' ')
  return text.replace(/^(```|~~~)[\s\S]*?^\1/gm, blank).replace(/`[^`\n]*`/g, blank)
}

/** The prose of a TypeScript or JavaScript text: comments and texts of three words or more; the rest is blanked. */
export function proseOfCode(text, file) {
  const ts = require('typescript')
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const kept = []
  const keep = (start, end) => {
    const part = text.slice(start, end)
    if (part.trim().split(/\s+/).length >= 3) kept.push([start, end])
  }
  const visit = (node) => {
    if (
      ts.isStringLiteralLike(node) ||
      ts.isTemplateHead(node) ||
      ts.isTemplateMiddleOrTemplateTail(node)
    )
      keep(node.getStart(source) + 1, node.end - 1)
    for (const { pos, end } of ts.getLeadingCommentRanges(text, node.pos) ?? []) keep(pos, end)
    ts.forEachChild(node, visit)
  }
  visit(source)
  for (const { pos, end } of ts.getLeadingCommentRanges(text, source.endOfFileToken.pos) ?? [])
    keep(pos, end)
  const result = [...text.replace(/[^\n]/g, ' ')]
  for (const [start, end] of kept) for (let at = start; at < end; at++) result[at] = text[at]
  return proseOfMarkdown(result.join(''))
}

function proseOf(file, text) {
  return /\.(ts|mjs)$/.test(file) ? proseOfCode(text, file) : proseOfMarkdown(text)
}

/** The refused words in the prose of a file, with their lines. Most files have none and are not parsed. */
function placesIn(file, text) {
  if (!ANY.test(text)) return []
  const prose = proseOf(file, text)
  return refusedIn(prose).map(({ index, words, instead }) => ({
    line: prose.slice(0, index).split('\n').length,
    words,
    instead,
  }))
}

/** The files that people read. */
function proseFiles() {
  const all = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  return all
    .trim()
    .split('\n')
    .filter(
      (file) =>
        /\.(ts|mjs|md)$/.test(file) ||
        ['package.json', 'package.nls.json', 'action.yml', '.pre-commit-hooks.yaml'].includes(file),
    )
    .filter(
      (file) =>
        !/^test-fixtures\/(?!.*README)|^BENCHMARKS\.md$|^LICENSE/.test(file) &&
        file !== 'scripts/prose.mjs' &&
        file !== 'scripts/prose.test.mjs',
    )
}

function main() {
  let count = 0
  for (const file of proseFiles()) {
    const text = readFileSync(`${ROOT}${file}`, 'utf8')
    for (const { line, words, instead } of placesIn(file, text)) {
      console.log(`${file}:${String(line)}: "${words}": write ${instead}.`)
      count++
    }
  }
  if (count > 0) {
    console.error(`${String(count)} places to rewrite.`)
    process.exitCode = 1
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main()
