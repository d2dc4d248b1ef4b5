import type { PlacedDocument } from '../resources/readFile.js'
import type { Finding } from './finding.js'
import { HEREDOC_DEBRIS, YAML_SYNTAX } from './documentRules.js'

/** Findings about a document's text rather than about an object. */
export function documentFindings(file: string, { serial, facts }: PlacedDocument): Finding[] {
  const place = (span: { readonly start: number; readonly end: number }) => ({ file, document: serial, span })
  const blank = { related: [], assumptions: [], tag: undefined }
  const debris = facts.debris.map((span): Finding => ({
    ...blank,
    rule: HEREDOC_DEBRIS.name,
    level: HEREDOC_DEBRIS.level,
    message: 'This line is left over from a shell here-document: the file is not valid YAML with it.',
    place: place(span),
    fixes: [{ title: 'Remove the here-document line', preferred: true, safe: true, edits: [{ op: 'delete-lines', file, document: serial, span }] }],
  }))
  const syntax = facts.problems.map((problem): Finding => ({
    ...blank,
    rule: YAML_SYNTAX.name,
    level: problem.isLimit === true ? 'information' : YAML_SYNTAX.level,
    message: problem.message,
    place: place(problem.span),
    fixes: [],
  }))
  return [...debris, ...syntax]
}
